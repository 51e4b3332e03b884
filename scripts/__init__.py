"""Scripts behind run_local.sh."""
