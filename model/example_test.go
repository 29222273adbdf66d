package model_test

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// Two threads lock and unlock one mutex.
func Example() {
	none := func(n model.Node) model.Node {
		n.Object, n.Cond, n.Var = model.None, model.None, model.None
		return n
	}
	to := func(n model.NodeID) []model.Outcome { return []model.Outcome{{Next: []model.Edge{{To: n}}}} }
	thread := model.Thread{Name: "t", Start: []model.Edge{{To: 0}}, Nodes: []model.Node{
		none(model.Node{Op: model.OpLock, Text: "lock", Out: to(1)}),
		none(model.Node{Op: model.OpUnlock, Text: "unlock", Held: []model.LockID{0}, Out: to(2)}),
		none(model.Node{Op: model.OpFinish, Lock: model.None}),
	}}
	p := &model.Program{
		Locks:   []model.Lock{{Name: "m", Object: model.None}},
		Threads: []model.Thread{thread, thread},
	}
	m, _ := model.NewMachine[[1]uint64](p)
	s := m.Initial(0)
	for _, succ := range m.Successors(&s, nil) {
		fmt.Println("thread", m.Step(succ.Rule).Thread, "->", m.String(&succ.State))
	}
	// Output:
	// thread 0 -> t@unlock(unlock) t@lock(lock) m
	// thread 1 -> t@lock(lock) t@unlock(unlock) m
}
