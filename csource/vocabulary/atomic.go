package vocabulary

// An Atomic is what a function does that reads and writes one variable in one step: C11's
// <stdatomic.h>, GCC's __atomic and __sync, GLib's and libvirt's. All of them are sequentially
// consistent here, whatever order of memory they name: a weaker one allows no more than what the
// model shows only on machines that the model does not know.
type Atomic struct {
	Do     AtomicDo
	Op     string // of Fetch: + - & | ^ or nand
	By     int64  // of Fetch and Exchange without a Value among Args: the operand
	Gives  AtomicResult
	Args   []AtomicArg
	Weakly bool // a CompareExchange that may fail although the value is the expected one
}

// AtomicDo is what is done to the variable.
type AtomicDo uint8

// What can be done.
const (
	Fence           AtomicDo = iota // nothing: memory is sequentially consistent
	AtomicLoad                      // read
	AtomicStore                     // write
	AtomicInit                      // write, plainly: C11 says that it races even with atomic operations
	Exchange                        // write, and give what was there
	CompareExchange                 // write if what is there is what is expected
	Fetch                           // compute with what is there
)

// AtomicResult is what the call gives.
type AtomicResult uint8

// The results.
const (
	Nothing   AtomicResult = iota
	Before                 // what was there
	After                  // what is there now
	Succeeded              // whether a CompareExchange has written
	IsZero                 // whether what is there now is 0
)

// AtomicArg is what an argument is.
type AtomicArg uint8

// The arguments.
const (
	Target     AtomicArg = iota // a pointer to the variable
	Value                       // the operand
	ValueAt                     // a pointer to the operand
	Expected                    // what a CompareExchange expects
	ExpectedAt                  // a pointer to that, where a failure leaves what was there
	ResultAt                    // a pointer to where the result goes
	WeakFlag                    // whether a CompareExchange is a weak one: a constant
	Order                       // an order of memory
)

// AtomicOf is what an atomic function does, or nil for a name of another kind. Nobody may change
// it.
func AtomicOf(name string) *Atomic { return atomics[name] }

var atomics = func() map[string]*Atomic {
	m := map[string]*Atomic{}
	add := func(name string, a Atomic) { m[name] = &a }
	t, tv, tev := []AtomicArg{Target}, []AtomicArg{Target, Value}, []AtomicArg{Target, Expected, Value}
	words := map[string]string{"add": "+", "sub": "-", "and": "&", "or": "|", "xor": "^", "nand": "nand"}

	// C11. Every function but atomic_init has a twin that names orders.
	c11 := func(name string, orders int, a Atomic) {
		add(name, a)
		for range orders {
			a.Args = append(a.Args[:len(a.Args):len(a.Args)], Order)
		}
		add(name+"_explicit", a)
	}
	add("atomic_init", Atomic{Do: AtomicInit, Args: tv})
	c11("atomic_load", 1, Atomic{Do: AtomicLoad, Gives: Before, Args: t})
	c11("atomic_store", 1, Atomic{Do: AtomicStore, Args: tv})
	c11("atomic_exchange", 1, Atomic{Do: Exchange, Gives: Before, Args: tv})
	tpv := []AtomicArg{Target, ExpectedAt, Value}
	c11("atomic_compare_exchange_strong", 2, Atomic{Do: CompareExchange, Gives: Succeeded, Args: tpv})
	c11("atomic_compare_exchange_weak", 2, Atomic{Do: CompareExchange, Gives: Succeeded, Args: tpv, Weakly: true})
	c11("atomic_flag_test_and_set", 1, Atomic{Do: Exchange, By: 1, Gives: Before, Args: t})
	c11("atomic_flag_clear", 1, Atomic{Do: AtomicStore, Args: t})
	for _, word := range []string{"add", "sub", "and", "or", "xor"} {
		c11("atomic_fetch_"+word, 1, Atomic{Do: Fetch, Op: words[word], Gives: Before, Args: tv})
	}

	// GCC.
	order := []AtomicArg{Order}
	for _, name := range []string{
		"atomic_thread_fence", "atomic_signal_fence", "__atomic_thread_fence", "__atomic_signal_fence",
	} {
		add(name, Atomic{Args: order})
	}
	add("__sync_synchronize", Atomic{})
	to, tvo := []AtomicArg{Target, Order}, []AtomicArg{Target, Value, Order}
	add("__atomic_load_n", Atomic{Do: AtomicLoad, Gives: Before, Args: to})
	add("__atomic_load", Atomic{Do: AtomicLoad, Gives: Before, Args: []AtomicArg{Target, ResultAt, Order}})
	add("__atomic_store_n", Atomic{Do: AtomicStore, Args: tvo})
	add("__atomic_store", Atomic{Do: AtomicStore, Args: []AtomicArg{Target, ValueAt, Order}})
	add("__atomic_exchange_n", Atomic{Do: Exchange, Gives: Before, Args: tvo})
	add("__atomic_exchange", Atomic{Do: Exchange, Gives: Before, Args: []AtomicArg{Target, ValueAt, ResultAt, Order}})
	add("__atomic_compare_exchange_n", Atomic{
		Do: CompareExchange, Gives: Succeeded, Args: []AtomicArg{Target, ExpectedAt, Value, WeakFlag, Order, Order},
	})
	add("__atomic_compare_exchange", Atomic{
		Do: CompareExchange, Gives: Succeeded, Args: []AtomicArg{Target, ExpectedAt, ValueAt, WeakFlag, Order, Order},
	})
	add("__atomic_test_and_set", Atomic{Do: Exchange, By: 1, Gives: Before, Args: to})
	add("__atomic_clear", Atomic{Do: AtomicStore, Args: to})
	for word, op := range words {
		add("__atomic_fetch_"+word, Atomic{Do: Fetch, Op: op, Gives: Before, Args: tvo})
		add("__atomic_"+word+"_fetch", Atomic{Do: Fetch, Op: op, Gives: After, Args: tvo})
		add("__sync_fetch_and_"+word, Atomic{Do: Fetch, Op: op, Gives: Before, Args: tv})
		add("__sync_"+word+"_and_fetch", Atomic{Do: Fetch, Op: op, Gives: After, Args: tv})
	}
	add("__sync_bool_compare_and_swap", Atomic{Do: CompareExchange, Gives: Succeeded, Args: tev})
	add("__sync_val_compare_and_swap", Atomic{Do: CompareExchange, Gives: Before, Args: tev})
	add("__sync_lock_test_and_set", Atomic{Do: Exchange, Gives: Before, Args: tv})
	add("__sync_lock_release", Atomic{Do: AtomicStore, Args: t})

	// GLib.
	for _, of := range []string{"int", "pointer"} {
		add("g_atomic_"+of+"_get", Atomic{Do: AtomicLoad, Gives: Before, Args: t})
		add("g_atomic_"+of+"_set", Atomic{Do: AtomicStore, Args: tv})
		add("g_atomic_"+of+"_exchange", Atomic{Do: Exchange, Gives: Before, Args: tv})
		add("g_atomic_"+of+"_compare_and_exchange", Atomic{Do: CompareExchange, Gives: Succeeded, Args: tev})
	}
	add("g_atomic_int_inc", Atomic{Do: Fetch, Op: "+", By: 1, Args: t})
	add("g_atomic_int_dec_and_test", Atomic{Do: Fetch, Op: "-", By: 1, Gives: IsZero, Args: t})
	for _, word := range []string{"add", "and", "or", "xor"} {
		add("g_atomic_int_"+word, Atomic{Do: Fetch, Op: words[word], Gives: Before, Args: tv})
	}

	// libvirt, which had its own before it used GLib's.
	add("virAtomicIntGet", Atomic{Do: AtomicLoad, Gives: Before, Args: t})
	add("virAtomicIntSet", Atomic{Do: AtomicStore, Args: tv})
	add("virAtomicIntInc", Atomic{Do: Fetch, Op: "+", By: 1, Gives: After, Args: t})
	add("virAtomicIntDecAndTest", Atomic{Do: Fetch, Op: "-", By: 1, Gives: IsZero, Args: t})
	add("virAtomicIntCompareExchange", Atomic{Do: CompareExchange, Gives: Succeeded, Args: tev})
	for word, name := range map[string]string{"add": "Add", "and": "And", "or": "Or", "xor": "Xor"} {
		add("virAtomicInt"+name, Atomic{Do: Fetch, Op: words[word], Gives: Before, Args: tv})
	}
	return m
}()
