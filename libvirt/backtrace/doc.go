// Package backtrace reads stacks of threads as people send them: of gdb (thread apply all bt, bt
// full, pstack), of coredumpctl and systemd-coredump, of eu-stack, with and without arguments,
// symbols and #, several dumps in one text, quoted in mails, escaped by bug trackers, wrapped by
// mailers and cut in the middle.
//
// What comes out are dumps: the threads of one process at one moment. A new dump begins where
// another process or host is announced, or where a thread comes again. Between them stand mutexes
// whose owner somebody printed. Nothing is interpreted here; what a frame means is told in
// libvirt/protocol.
package backtrace
