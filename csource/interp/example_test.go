package interp_test

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// account is the only object of its host.
type account struct {
	lock    string
	balance int64
}

// teller provides the locks of pthreads.
type teller struct{}

func (teller) Provides(name string) bool {
	return name == "pthread_mutex_lock" || name == "pthread_mutex_unlock"
}

func (teller) Silent(name string) bool { return vocabulary.IsMessage(name) }

func (teller) Call(site interp.Site, name string, args []interp.Value) interp.Value {
	fmt.Printf("%s: %s in %s: %s\n", site.Pos, name, site.Function, *args[0].Object.(*string))
	return interp.Value{}
}

func (teller) Field(o any, name string) (interp.Value, bool) {
	return interp.Value{Int: o.(*account).balance}, name == "balance"
}

func (teller) Address(o any, name string) (interp.Value, bool) {
	return interp.Value{Object: &o.(*account).lock}, name == "lock"
}

func (teller) SetField(o any, name string, v interp.Value) bool {
	o.(*account).balance = v.Int
	return name == "balance"
}

func (teller) Global(string) (interp.Value, bool) { return interp.Value{}, false }

func Example() {
	parser := syntax.NewParser(context.Background(), syntax.Options{})
	file := parser.Parse(syntax.Source{Name: "bank.c", Text: []byte(`struct account { pthread_mutex_t lock; long balance; };
static int withdraw(struct account *a, long sum)
{
    int ret = -1;
    pthread_mutex_lock(&a->lock);
    if (a->balance < sum)
        goto cleanup;
    a->balance -= sum;
    ret = 0;
cleanup:
    pthread_mutex_unlock(&a->lock);
    return ret;
}`)})
	p, a := interp.New([]*syntax.File{file}), &account{"a's lock", 100}
	if ds := p.Check("withdraw", teller{}); len(ds) > 0 {
		fmt.Println(ds)
	}
	for range 2 {
		result, err := p.Run(teller{}, "withdraw", []interp.Value{{Object: a}, {Int: 70}})
		fmt.Println(result.Int, a.balance, err)
	}
	// Output:
	// bank.c:5:5: pthread_mutex_lock in withdraw: a's lock
	// bank.c:11:5: pthread_mutex_unlock in withdraw: a's lock
	// 0 30 <nil>
	// bank.c:5:5: pthread_mutex_lock in withdraw: a's lock
	// bank.c:11:5: pthread_mutex_unlock in withdraw: a's lock
	// -1 30 <nil>
}
