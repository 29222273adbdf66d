package model

import "fmt"

// ByWidth is something that is there once for each width of states in [Words]: a function with each
// of them as its type parameter. It is where code that does not know the width comes to code that
// does.
type ByWidth[F any] struct{ One, Two, Three, Four, Six, Eight, Sixteen F }

// Of returns the one for the states of a program. The error is about the program.
func (w ByWidth[F]) Of(p *Program) (F, error) {
	width, err := Width(p)
	if err != nil {
		var none F
		return none, err
	}
	switch width {
	case 1:
		return w.One, nil
	case 2:
		return w.Two, nil
	case 3:
		return w.Three, nil
	case 4:
		return w.Four, nil
	case 6:
		return w.Six, nil
	case 8:
		return w.Eight, nil
	case 16:
		return w.Sixteen, nil
	}
	panic(fmt.Sprintf("model: states of %d words, which [Words] does not have", width))
}
