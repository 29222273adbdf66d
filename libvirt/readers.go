// Package libvirt knows what only libvirt has: how its logs, its stacks and its traces read.
package libvirt

import (
	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/helgrind"
	"github.com/lockproof/lockproof/libvirt/locktrace"
	"github.com/lockproof/lockproof/libvirt/logs"
	"github.com/lockproof/lockproof/libvirt/stacks"
	"github.com/lockproof/lockproof/libvirt/systemtap"
	"github.com/lockproof/lockproof/libvirt/virsh"
)

// Options say what a diagnosis should have that takes memory.
type Options struct {
	Timeline bool // who had what when
}

// Readers are the readers of all that people have when libvirtd hangs. Of two that know an input
// equally well, the first one reads it.
func Readers(opts Options) []diagnose.Reader {
	return []diagnose.Reader{
		helgrind.Reader{},
		stacks.Reader{},
		virsh.Reader{},
		systemtap.Reader{},
		locktrace.Reader{},
		logs.Reader{Timeline: opts.Timeline},
	}
}
