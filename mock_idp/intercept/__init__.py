"""HOW AN UNCHANGED APP GETS HERE: the CA, the CONNECT proxy, a child's environment, in-process mapping, the browser."""
