package lower

// C11 (3.14): bit-fields that are declared side by side are one memory location, unless one of no
// width or another member stands between them, or one of them lies in a struct of its own.

// beside lists the fields that lie in the memory location of a bit-field, itself included.
func (s *structDef) beside(field int) []int {
	var run []int
	here := false
	for _, m := range s.members {
		if !m.isBitField || m.width == 0 {
			if here {
				break
			}
			run = run[:0]
			continue
		}
		if m.at >= 0 {
			run = append(run, m.at)
			here = here || m.at == field
		}
	}
	return run
}

// location is the memory location in which a variable lies together with others, 0 for one that has
// its own.
func (w *world) location(r cellRef) int {
	o := w.objects[r.object]
	if o.strukt == nil || r.field >= len(o.strukt.fields) || !o.strukt.fields[r.field].isBitField {
		return 0
	}
	run := o.strukt.beside(r.field)
	if len(run) < 2 {
		return 0
	}
	return w.cell(cellRef{r.object, run[0]}).id + 1
}
