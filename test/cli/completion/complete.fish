# Prints what fish makes of the last word of the first argument, once it has read the script that is the second.
source $argv[2]
complete -C $argv[1]
