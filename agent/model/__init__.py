"""The model path: the request, the transport, the dialogue, and the checks that every answer goes through."""
