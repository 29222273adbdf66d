package stacks

// Recipe is how to dump stacks with the owners of all mutexes for which threads wait: a script for gdb,
// to be run with gdb -p PID -batch -x FILE. It needs the debug symbols of glibc, as stacks with
// arguments do; it prints "mutex 0x... owner N".
const Recipe = `set pagination off
thread apply all bt
python
pid = gdb.selected_inferior()
for t in pid.threads():
    t.switch()
    f = gdb.newest_frame()
    for _ in range(6):
        if f is None:
            break
        if f.name() and 'pthread_mutex_lock' in f.name():
            try:
                a = int(f.read_var('mutex'))
                print('mutex 0x%x owner %d' % (a, int.from_bytes(bytes(pid.read_memory(a + 8, 4)), 'little')))
            except (gdb.error, ValueError, TypeError):
                pass
            break
        f = f.older()
end
`

const ownersHint = "print the owners of the mutexes for which threads wait, with the gdb script of `lockproof history --setup`"
