"""``python -m mock_idp`` is ``mock-idp``."""

from mock_idp.cli import main

if __name__ == "__main__":
    main()
