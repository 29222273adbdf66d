package scenarios

import (
	"context"
	"errors"
	"slices"
	"sync"
	"weak"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// held is a value that is made when somebody asks for it, and shared by all who have it. When
// nobody has it any more it is let go, and made again for who asks next. What is wrong with its
// input is kept, and which memory was too little; that another limit was hit is not.
type held[T any] struct {
	mu    sync.Mutex
	value weak.Pointer[T]
	bad   error
	short int64 // bytes that were too few
}

func (h *held[T]) get(ctx context.Context, make func() (*T, error)) (*T, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v := h.value.Value(); v != nil || h.bad != nil {
		return v, h.bad
	}
	if memory := meter.Memory(ctx); memory > 0 && memory <= h.short {
		return nil, meter.ErrMemory
	}
	v, err := make()
	switch {
	case err == nil:
		h.value = weak.Make(v)
	case errors.Is(err, meter.ErrMemory):
		h.short = meter.Memory(ctx)
	case !meter.Stopped(err):
		h.bad = err
	}
	return v, err
}

// A shelf keeps what is worth keeping of suites that were loaded together, and no more: the units
// that were asked for last, for the scenarios of a suite follow one another, and the first
// programs, both as long as they are small altogether.
type shelf struct {
	mu       sync.Mutex
	units    []*lower.Unit // the last one asked for stands last
	programs []*model.Program
	bytes    int64 // of programs
}

const maxShelved = 16 << 20 // bytes of programs, and of units but for the last

func (s *shelf) keepUnit(u *lower.Unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.units = append(slices.DeleteFunc(s.units, func(k *lower.Unit) bool { return k == u }), u)
	bytes, first := int64(0), len(s.units)-1
	for first > 0 && bytes+s.units[first-1].Held() <= maxShelved {
		first--
		bytes += s.units[first].Held()
	}
	s.units = slices.Delete(s.units, 0, first)
}

func (s *shelf) keepProgram(p *model.Program) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes := lower.Bytes(p); s.bytes+bytes <= maxShelved {
		s.bytes += bytes
		s.programs = append(s.programs, p)
	}
}
