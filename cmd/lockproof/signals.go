package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/lockproof/lockproof/reports/staging"
)

// interruptible is a context that the first signal ends: what was found so far is reported. A
// second one ends the process as usual, after what is half written was removed. A signal that
// whoever started the process wants ignored, as nohup does, stays ignored.
func interruptible() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	go func() {
		<-signals
		cancel()
		s := <-signals
		staging.Abandon()
		die(s)
	}()
	return ctx
}

// die ends the process by a signal, so that the one who waits for it sees that.
func die(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // until it comes
	}
	os.Exit(exitInput)
}

// keepBrokenPipes makes a write to stdout, when its reader has gone, an error like any other,
// instead of the end of the process: what is half written is removed on the way out. The function
// it returns ends the process by the signal after all.
func keepBrokenPipes() func() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return func() {
		signal.Reset(syscall.SIGPIPE)
		os.Stdout.Write([]byte("\n")) // the reader is still gone
	}
}
