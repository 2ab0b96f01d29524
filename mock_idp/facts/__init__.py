"""WHAT ENTRA IS: tables, each row with its source, and captured documents. No logic.

Evidence marks used in the ``evidence`` columns: ``O`` observed in a log, capture or fixture; ``D`` stated in
Microsoft's documentation (the text is a paraphrase); ``C`` read in a client library; ``K`` widely known;
``I`` inferred. A source such as ``ED:x`` is ``docs/identity-platform/x.md`` of MicrosoftDocs/entra-docs,
and ``facts §4.4`` is that section of ``docs/facts.md``.
"""
