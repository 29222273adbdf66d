package driver

// A cell is a shared variable. Every access is announced to the runtime.
type cell[T any] struct {
	value  T
	shadow Var
}

func newCell[T any](rt Runtime, name string, guard Mutex, value T) cell[T] {
	return cell[T]{value, rt.NewVar(name, guard)}
}

func (c *cell[T]) load() T {
	c.shadow.Read()
	return c.value
}

// peek is for what the driver only asks in order to check itself: it is not announced, as no step
// of the protocol is.
func (c *cell[T]) peek() T { return c.value }

func (c *cell[T]) store(value T) {
	c.shadow.Write()
	c.value = value
}
