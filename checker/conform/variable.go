package conform

import (
	"slices"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// variable is the shadow of a variable that the model has.
type variable struct {
	mutex *mutex
	name  string
	count bool
}

type hidden struct{}

func (hidden) Read()  {}
func (hidden) Write() {}

// NewVar is part of [driver.Runtime].
func (w *world) NewVar(name string, m driver.Mutex) driver.Var {
	i := slices.IndexFunc(w.c.Program.Vars, func(v model.Var) bool { return v.Name == name })
	if i < 0 {
		return hidden{}
	}
	return &variable{m.(*mutex), name, w.c.Program.Vars[i].Refs}
}

func (v *variable) Read() {
	if !v.count {
		v.access(model.OpLoad)
	}
}

func (v *variable) Write() {
	if v.count {
		v.access(model.OpRef)
		return
	}
	v.access(model.OpStore)
}

func (v *variable) access(op model.Op) {
	w := v.mutex.world
	if w.silent() {
		return
	}
	w.current.pause(pending{op: op, target: v.name, mutex: v.mutex})
	v.mutex.mustOwn(model.MissingLock, "uses "+v.name+" without")
}
