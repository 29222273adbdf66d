package lower

import "slices"

// slots are the values of a frame. Copies share what neither of them has changed since, so that a
// step costs no more in a function with many variables.
type slots struct{ chunks []*chunk }

type chunk struct {
	shared bool // with a copy: to be copied before a change
	values []value
}

const chunkSize = 32

func newSlots(n int) slots {
	all := slots{make([]*chunk, (n+chunkSize-1)/chunkSize)}
	for i := range all.chunks {
		all.chunks[i] = &chunk{values: make([]value, min(chunkSize, n-i*chunkSize))}
	}
	return all
}

func (s slots) get(i int) value { return s.chunks[i/chunkSize].values[i%chunkSize] }

func (s slots) set(i int, v value) {
	at := &s.chunks[i/chunkSize]
	if (*at).shared {
		*at = &chunk{values: slices.Clone((*at).values)}
	}
	(*at).values[i%chunkSize] = v
}

func (s slots) clone() slots {
	for _, c := range s.chunks {
		c.shared = true
	}
	return slots{slices.Clone(s.chunks)}
}

// update replaces every value by what f makes of it.
func (s slots) update(f func(value) value) {
	for c := range s.chunks {
		for i, old := range s.chunks[c].values {
			if v := f(old); v != old {
				s.set(c*chunkSize+i, v)
			}
		}
	}
}
