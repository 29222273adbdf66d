package page

import (
	"math"
	"slices"

	"github.com/lockproof/lockproof/reports"
)

// A drawing is a lock-order graph in layers: the classes from top to bottom in the order that the
// program obeys, the locks of a class beside each other. An edge down is what the hierarchy asks
// for; an edge up, an inversion, runs on the right and is drawn unlike the others. An edge that
// passes over a layer goes around what is there.
type drawing struct {
	width, height float64
	layers        []layer
	boxes         []box
	arrows        []arrow
}

type layer struct {
	name string
	y    float64 // of the middle
}

type box struct {
	node *reports.Node
	x, y float64 // of the middle
	w    float64
}

type arrow struct {
	edge           *reports.Edge
	x0, y0, x1, y1 float64
	cx0, cy0       float64 // control points of a cubic curve
	cx1, cy1       float64
	real           bool
}

const (
	boxHeight  = 30.0
	layerPitch = 78.0
	boxGap     = 26.0
	labelWidth = 76.0 // of the classes' names on the left
	letter     = 7.4  // width of a letter in a box, about
	margin     = 16.0
	stub       = 18.0 // how much farther out a curve goes for each layer that it passes
)

func draw(o *reports.LockOrder) *drawing {
	d := &drawing{}
	byClass := map[string][]*reports.Node{}
	for i := range o.Nodes {
		byClass[o.Nodes[i].Class] = append(byClass[o.Nodes[i].Class], &o.Nodes[i])
	}
	y := margin + boxHeight/2
	for _, class := range o.Order {
		nodes := byClass[class]
		if len(nodes) == 0 {
			continue
		}
		d.layers = append(d.layers, layer{class, y})
		x := -rowWidth(nodes) / 2
		for _, n := range nodes {
			w := boxWidth(n)
			d.boxes = append(d.boxes, box{n, x + w/2, y, w})
			x += w + boxGap
		}
		y += layerPitch
	}
	d.height = math.Ceil(max(y-layerPitch+boxHeight/2+margin, 2*margin))
	for i := range o.Edges {
		d.arrow(o, &o.Edges[i])
	}
	d.fit()
	return d
}

func boxWidth(n *reports.Node) float64 { return max(64, letter*float64(len(n.Name))+20) }

func rowWidth(nodes []*reports.Node) float64 {
	w := -boxGap
	for _, n := range nodes {
		w += boxWidth(n) + boxGap
	}
	return w
}

// fit moves everything to the right of the labels and finds the width.
func (d *drawing) fit() {
	left, right := 0.0, 0.0
	for _, b := range d.boxes {
		left, right = min(left, b.x-b.w/2), max(right, b.x+b.w/2)
	}
	for _, a := range d.arrows {
		left, right = min(left, a.extreme()), max(right, a.extreme())
	}
	shift := labelWidth - left
	for i := range d.boxes {
		d.boxes[i].x += shift
	}
	for i := range d.arrows {
		a := &d.arrows[i]
		a.x0, a.x1, a.cx0, a.cx1 = a.x0+shift, a.x1+shift, a.cx0+shift, a.cx1+shift
	}
	d.width = math.Ceil(right + shift + margin)
}

func (d *drawing) box(name string) *box {
	i := slices.IndexFunc(d.boxes, func(b box) bool { return b.node.Name == name })
	return &d.boxes[i]
}

func (d *drawing) arrow(o *reports.LockOrder, e *reports.Edge) {
	from, to := d.box(e.From), d.box(e.To)
	a := arrow{edge: e, real: o.OnRealCycle(e)}
	span := math.Round((to.y - from.y) / layerPitch)
	side := 1.0
	if span > 0 && from.x+to.x <= 1 {
		side = -1
	}
	switch {
	case span == 1:
		a.x0, a.y0, a.x1, a.y1 = from.x, from.y+boxHeight/2, to.x, to.y-boxHeight/2
		a.cx0, a.cy0, a.cx1, a.cy1 = a.x0, a.y0+layerPitch/4, a.x1, a.y1-layerPitch/4
	default: // around what is between: down on the nearer side, up on the right
		a.x0, a.y0, a.x1, a.y1 = from.x+side*from.w/2, from.y+side*4, to.x+side*to.w/2, to.y-side*4
		if side > 0 {
			a.y0, a.y1 = from.y+4*sign(span), to.y-4*sign(span)
		}
		if span == 0 {
			a.y0, a.y1 = from.y-6, to.y+6
		}
		bend := d.around(from.y, to.y, side)
		bend += side * stub * (math.Abs(span) - reports.Choose(span > 0, 1.4, 0.4))
		a.cx0 = (bend - (a.x0+a.x1)/8) * 4 / 3
		a.cx1 = a.cx0
		a.cy0, a.cy1 = a.y0+8*sign(span), a.y1-8*sign(span)
	}
	d.arrows = append(d.arrows, a)
}

// around is how far out, on one side, one must go to pass what stands between two heights, the ends
// included.
func (d *drawing) around(y0, y1, side float64) float64 {
	far := 0.0
	for _, b := range d.boxes {
		if b.y >= min(y0, y1)-1 && b.y <= max(y0, y1)+1 {
			far = max(far, side*b.x+b.w/2)
		}
	}
	return side * (far + 12)
}

// extreme is the x of the middle of a curve: those around something are farthest out there.
func (a *arrow) extreme() float64 { return (a.x0+a.x1)/8 + (a.cx0+a.cx1)*3/8 }

func sign(x float64) float64 {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
