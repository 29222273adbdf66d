package stacks

import (
	"slices"

	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

// objectSize bounds how far from its beginning a lock lies in an object of libvirt: it comes right
// behind the head, which has at most 40 bytes, or within the first fields of the driver.
const objectSize = 0x100

// known are the objects that the arguments of a dump name.
type known struct {
	classes map[uint64]protocol.Class
	bases   []uint64
}

func knownOf(d *backtrace.Dump) *known {
	k := &known{classes: map[uint64]protocol.Class{}}
	for _, t := range d.Threads {
		for i := range t.Frames {
			f := &t.Frames[i]
			for _, a := range f.Args {
				c := protocol.ClassOfArg(f.Function, a.Name)
				if x := backtrace.Address(a.Value); x != 0 && c != protocol.NoClass {
					k.classes[x] = c
				}
			}
		}
	}
	for x := range k.classes {
		k.bases = append(k.bases, x)
	}
	slices.Sort(k.bases)
	return k
}

// object is the object in which an address lies; 0 where none is known.
func (k *known) object(address uint64) uint64 {
	i, exact := slices.BinarySearch(k.bases, address)
	if exact {
		return address
	}
	if i == 0 || address-k.bases[i-1] >= objectSize {
		return 0
	}
	return k.bases[i-1]
}

// complete adds to a lock what the pointers of other frames say about it.
func (k *known) complete(l *protocol.Lock) {
	if l.Object == 0 && l.Mutex != 0 {
		l.Object = k.object(l.Mutex)
	}
	c := k.classes[l.Object]
	switch {
	case l.Object == 0 || c == protocol.NoClass:
	case l.Class == protocol.NoClass, l.Class == protocol.Monitor && c == protocol.Agent,
		l.Class == protocol.Agent && c == protocol.Monitor:
		l.Class = c
	case l.Class != c && l.Mutex != 0 && l.Mutex != l.Object: // the mutex of something else that lies behind it
		l.Object = 0
	}
}
