"""The logs read together: what `ai-traces patterns` and `ai-traces pattern` read, keep and write."""
