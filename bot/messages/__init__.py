"""Values in, Block Kit out: what a message looks like. Pure; the sentences are in `bot.text`."""
