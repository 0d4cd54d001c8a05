(module $start (memory 1) (start $main) (func $main (unreachable)))
