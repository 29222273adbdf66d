// Package logs reads the logs of libvirtd, of every era and in every wrapper that people send them
// in, and the logs of its clients.
//
// A line of the daemon is a header (a stamp, a thread, a level, a function and the number of a line
// of its source) and a message. The number is never looked at, for it moves with every version. The
// header changed: before 0.9.7 the stamp had no date, and before that there was no thread. Syslog
// and the journal put their own before it or in its place; the journal as JSON, KubeVirt and
// containers make fields of it. Messages changed as well: before 1.1.4 "Starting job" says that a
// job is had, and afterwards that it is asked for. What a message means is decided by its words,
// and by the function only where the words are translated: those of errors are, those of warnings
// never.
//
// A client's log is anything that quotes an error of libvirt. An entry of it begins with a stamp;
// lines without one, as those of a traceback, belong to the entry before them.
//
// Reading is by hand and on bytes, for a log of debug messages has gigabytes; memory does not grow
// with the input.
package logs
