package lockorder_test

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

func Example() {
	scs, err := scenarios.Resolve(context.Background(), []string{"exit-monitor-order:prose-order"})
	if err != nil {
		panic(err)
	}
	p, err := scs[0].Program(context.Background())
	if err != nil {
		panic(err)
	}
	r, err := search.Search(context.Background(), p, search.Options{WaitCycles: true})
	if err != nil {
		panic(err)
	}
	g := lockorder.New(p, r)
	for _, c := range g.Cycles {
		fmt.Println(c.Status, g.PathString(c.Path))
	}
	// Output:
	// guarded vm1.lock -> vm1.mon.lock -> vm1.lock
}
