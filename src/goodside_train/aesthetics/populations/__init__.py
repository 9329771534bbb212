"""Several populations of raters on one trunk: data, batches, losses, the task, the export."""
