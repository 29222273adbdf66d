// Package libvirt knows what only libvirt has: how its logs, its stacks and its traces read.
package libvirt

import (
	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/helgrind"
	"github.com/lockproof/lockproof/libvirt/logs"
	"github.com/lockproof/lockproof/libvirt/stacks"
	"github.com/lockproof/lockproof/libvirt/virsh"
)

// Readers are the readers of all that people have when libvirtd hangs. Of two that know an input
// equally well, the first one reads it.
func Readers() []diagnose.Reader {
	return []diagnose.Reader{
		helgrind.Reader{},
		stacks.Reader{},
		virsh.Reader{},
		logs.Reader{},
	}
}
