package syntax_test

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
)

// Every call in a function, with where it is.
func ExampleWalk() {
	src := syntax.Source{Name: "bodies.c", Text: []byte(`
struct vm { virMutex lock; };

void touch(struct vm *vm)
{
    virMutexLock(&vm->lock);
    virMutexUnlock(&vm->lock);
}
`)}
	f, diags := syntax.Parse(src, syntax.Options{})
	if err := diags.Err(); err != nil {
		fmt.Println(err)
		return
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			fmt.Println(c.Pos(), syntax.Format(c))
		}
		return true
	})
	// Output:
	// bodies.c:6:5 virMutexLock(&vm->lock)
	// bodies.c:7:5 virMutexUnlock(&vm->lock)
}

// All errors of a source are reported at once, each where something must change.
func ExampleParser_Diagnostics() {
	p := syntax.NewParser(context.Background(), syntax.Options{})
	p.Parse(syntax.Source{Name: "bodies.c", Text: []byte(`void f(virMutx *m)
{
    virMutexLock(m)
    if (m {
        virMutexUnlock(m);
    }
}
`)})
	fmt.Println(p.Diagnostics().Err())
	// Output:
	// bodies.c:1:8: unknown type `virMutx` (did you mean `virMutex`?)
	// bodies.c:3:20: expected `;` after expression, found `if`
	// bodies.c:4:11: expected `)`, found `{` (to close the `(` at 4:8)
}
