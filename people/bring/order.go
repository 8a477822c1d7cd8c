package bring

import (
	"errors"
	"hash/maphash"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
)

// OrderNamed are what a column of a file of orders can be, in the order in
// which they are asked. An order is known again by external_id, or by its
// number where there is none.
var OrderNamed = []string{"number", "external_id", "status", "total", "currency", "date", "email", "phone", "customer_id", "customer", "organization", "url",
	"item", "sku", "quantity", "price", "line_total"}

var calledOrder = map[string][]string{
	"number":       {"ordernumber", "orderno", "ordernr", "ordername", "order", "bestellnummer", "bestellnr", "auftragsnummer", "numerodecommande", "commande", "pedido", "numerodepedido", "incrementid"},
	"external_id":  {"orderid", "externalid", "bestellid", "id"},
	"status":       {"orderstatus", "financialstatus", "paymentstatus", "status", "state", "bestellstatus", "statut", "estado"},
	"total":        {"ordertotal", "grandtotal", "total", "totalamount", "totalprice", "ordertotalamount", "amount", "gesamtbetrag", "gesamtsumme", "gesamt", "summe", "betrag", "montant", "importe"},
	"currency":     {"currency", "currencycode", "ordercurrency", "währung", "waehrung", "devise", "moneda"},
	"date":         {"orderdate", "placedat", "orderedat", "createdat", "datecreated", "purchasedate", "date", "bestelldatum", "datum", "datedecommande", "fecha"},
	"email":        {"customeremail", "email", "emailaddress", "billingemail", "emailbilling", "mail", "emailadresse", "courriel", "correo"},
	"phone":        {"customerphone", "phone", "billingphone", "phonebilling", "phonenumber", "telephone", "telefon", "tel", "mobile", "telefono"},
	"customer_id":  {"customerid", "customernumber", "customerno", "customerexternalid", "kundennummer", "kundennr", "clientid", "numeroclient"},
	"customer":     {"customername", "customer", "billingname", "fullname", "kunde", "client", "cliente"},
	"organization": {"organization", "organisation", "company", "companyname", "billingcompany", "firma", "empresa", "entreprise", "societe"},
	"url":          {"orderurl", "url", "link"},
	"item":         {"itemname", "lineitemname", "productname", "item", "product", "article", "artikel", "produkt", "produit", "producto", "title"},
	"sku":          {"sku", "lineitemsku", "itemsku", "productsku", "articlenumber", "artikelnummer"},
	"quantity":     {"quantity", "qty", "lineitemquantity", "itemquantity", "menge", "anzahl", "quantité", "quantite", "cantidad"},
	"price":        {"unitprice", "lineitemprice", "itemprice", "price", "itemcost", "einzelpreis", "preis", "prix", "precio"},
	"line_total":   {"linetotal", "lineitemtotal", "lineamount", "rowtotal", "itemtotal", "positionsbetrag"},
}

// GuessOrders says which column is what, if these are orders; sure says that
// they look like some.
func GuessOrders(columns []string) (found map[string]string, sure bool) {
	found = map[string]string{}
	take := taking(columns, found)
	usually(OrderNamed, calledOrder, found, take)
	if found["number"] == "" && strings.HasPrefix(fold(found["item"]), "lineitem") { // as one shop writes it
		take("number", func(c string) bool { return c == "name" })
	}
	has := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return found[f] != "" })
	}
	return found, has("number", "external_id") && has("total", "price", "line_total") && has("date", "currency", "sku", "item")
}

// usualStates are what shops call the states of an order, folded.
var usualStates = map[string][]string{
	"placed":    {"placed", "pending", "pendingpayment", "new", "open", "onhold", "unpaid", "authorized", "awaitingpayment", "offen", "neu", "enattente", "pendiente"},
	"paid":      {"paid", "processing", "captured", "confirmed", "bezahlt", "payé", "payée", "paye", "pagado"},
	"sent":      {"sent", "shipped", "fulfilled", "dispatched", "intransit", "versendet", "versandt", "expédié", "expédiée", "enviado"},
	"done":      {"done", "complete", "completed", "closed", "delivered", "finished", "abgeschlossen", "erledigt", "geliefert", "terminé", "terminée", "livré", "completado", "entregado"},
	"cancelled": {"cancelled", "canceled", "voided", "void", "failed", "expired", "storniert", "annulé", "annulée", "cancelado"},
	"refunded":  {"refunded", "returned", "erstattet", "remboursé", "remboursée", "reembolsado"},
}

func status(s string) (string, error) {
	folded := fold(s)
	for state, usual := range usualStates {
		if slices.Contains(usual, folded) {
			return state, nil
		}
	}
	return "", social.Errorf(social.Invalid, "“%s” is no state of an order that Parley knows. Write placed, paid, sent, done, cancelled or refunded.", rows.Clip(s))
}

const (
	mostOrders = 200 << 20 // bytes of a file of orders
	mostLines  = 500       // of an order
)

// withOrders checks what somebody says of a file of orders.
func (f Import) withOrders(o Settings, a about) (Settings, error) {
	bad := func(field, text string) (Settings, error) {
		return o, &social.Error{Kind: social.Invalid, Field: field, Text: text}
	}
	switch {
	case !a.sold:
		return bad("kind", "Orders are not taken in here.")
	case f.Format == VCard:
		return bad("kind", "An address book has persons only.")
	case f.Length > mostOrders:
		return bad("kind", "A file of orders has at most 200 MB. Split it between two orders.")
	}
	shown := f.shown()
	for field, column := range o.Columns {
		if !slices.Contains(OrderNamed, field) {
			return bad("columns", "An order has no field “"+rows.Clip(field)+"”.")
		}
		if column != "" && !slices.Contains(shown, column) {
			return bad("columns", "The file has no column “"+rows.Clip(column)+"”.")
		}
	}
	if o.System = strings.TrimSpace(o.System); o.System == "" {
		o.System = "shop"
	}
	o.Dial = strings.TrimPrefix(strings.TrimSpace(o.Dial), "+")
	has := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return o.Columns[f] != "" })
	}
	switch {
	case !has("number", "external_id"):
		return bad("columns", "Say which column has the order's number or id: by it an order is known again.")
	case !has("total", "price", "line_total"):
		return bad("columns", "Say which column has the total, or the price of what was ordered.")
	case utf8.RuneCountInString(o.System) > 40:
		return bad("system", "The name of the system has at most 40 characters.")
	case o.Dial != "" && !dialForm.MatchString(o.Dial):
		return bad("dial", "A country's code is of digits, such as 49.")
	case o.Days != "" && o.Days != DayFirst && o.Days != MonthFirst:
		return bad("days", "Days are written dmy or mdy.")
	}
	if o.Currency = strings.TrimSpace(o.Currency); o.Currency != "" {
		of, err := code(o.Currency)
		if err != nil {
			return bad("currency", sentence(err))
		}
		o.Currency = of
	}
	o.Wins, o.Only, o.Match = FileWins, Both, slices.Clone(Keys)
	return o, nil
}

// key is what the rows of one order have in common.
func (f Import) key(r rows.Row) string {
	if n := f.value(r, "number"); n != "" {
		return n
	}
	return f.value(r, "external_id")
}

// parcels reads the rows of one order after the other.
type parcels struct {
	f    Import
	in   rows.Reader
	held *rows.Row // read already, of the next order
	end  int64     // where the rows of the orders that were read end
	n    int64     // how many they were
	seed maphash.Seed
	bad  map[uint64]string // orders that can't be taken, and why
}

func (p *parcels) row() (rows.Row, error) {
	if p.held != nil {
		r := *p.held
		p.held = nil
		return r, nil
	}
	return p.in.Next()
}

// next returns the rows of the next order; a row without a number, or of an
// order that can't be taken, comes alone. A row that can't be read may be a
// line of the order that it stands behind.
func (p *parcels) next() ([]rows.Row, error) {
	first, err := p.row()
	if err != nil {
		return nil, err
	}
	group := []rows.Row{first}
	for key := p.f.key(first); key != "" && p.why(key) == "" && len(group) <= mostLines; {
		r, err := p.row()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if _, _, why := where(r); p.f.key(r) != key && (why == "" || !p.f.lined()) {
			p.held = &r
			break
		}
		group = append(group, r)
	}
	p.end = group[len(group)-1].End
	p.n += int64(len(group))
	return group, nil
}

func (f Import) lined() bool {
	return f.Settings.Columns["item"] != "" || f.Settings.Columns["sku"] != ""
}

func (p *parcels) why(key string) string { return p.bad[maphash.String(p.seed, key)] }

// survey reads a file for orders whose rows don't stand together, or are too
// many: what would keep half of an order.
func (p *parcels) survey(in rows.Reader) error {
	p.seed, p.bad = maphash.MakeSeed(), map[uint64]string{}
	had := map[uint64]int{}
	last := ""
	for {
		r, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		key := p.f.key(r)
		if _, _, why := where(r); why != "" || key == "" {
			continue
		}
		h := maphash.String(p.seed, key)
		switch {
		case had[h] > 0 && key != last:
			p.bad[h] = "The rows of this order don't stand together. Sort the file by the order's number."
		case had[h] == mostLines:
			p.bad[h] = "An order has at most 500 lines."
		}
		had[h]++
		last = key
	}
}

// parcel reads an order out of its rows, if it can be taken.
func (p *parcels) parcel(group []rows.Row) Parcel {
	out := p.f.parcel(group)
	if why := p.why(p.f.key(group[0])); why != "" && !out.Wrong {
		out.fail(0, why)
	}
	return out
}

// Spot is a row of an order.
type Spot struct {
	Line   int64
	Source string
	Why    string // it can't be taken
}

// Parcel is an order as the rows of a file tell it.
type Parcel struct {
	Rows         []Spot
	Order        deal.Order
	Buyer        deal.Buyer
	Organization string
	Wrong        bool
}

// fail refuses an order, for what its nth row says.
func (p *Parcel) fail(n int, why string) {
	p.Wrong = true
	for i := range p.Rows {
		switch {
		case i == n:
			p.Rows[i].Why = why
		case p.Rows[i].Why == "":
			p.Rows[i].Why = "Another row of this order can't be taken, in line " + strconv.FormatInt(p.Rows[n].Line, 10) + "."
		}
	}
}

// parcel reads an order out of its rows. It is a pure function of them and the
// settings.
func (f Import) parcel(group []rows.Row) Parcel {
	p := Parcel{}
	unread := -1
	for i, r := range group {
		s := Spot{}
		s.Line, s.Source, s.Why = where(r)
		if s.Why != "" && unread < 0 {
			unread = i
		}
		p.Rows = append(p.Rows, s)
	}
	if unread >= 0 {
		p.fail(unread, p.Rows[unread].Why)
		return p
	}
	if len(group) > mostLines {
		p.fail(0, "An order has at most 500 lines.")
		return p
	}
	if n, err := f.order(&p, group); err != nil {
		p.fail(n, sentence(err))
	}
	return p
}

// sameInAll are the fields that each row of an order tells alike, or not at all.
var sameInAll = []string{"external_id", "number", "status", "total", "currency", "date", "email", "phone", "customer_id"}

// order fills an order from its rows. n is the row that is wrong.
func (f Import) order(p *Parcel, group []rows.Row) (n int, err error) {
	is, at := map[string]string{}, map[string]int{}
	for i, r := range group {
		for _, name := range OrderNamed {
			v := f.value(r, name)
			if v == "" {
				continue
			}
			if had, ok := is[name]; !ok {
				is[name], at[name] = v, i
			} else if had != v && slices.Contains(sameInAll, name) {
				return i, social.Errorf(social.Invalid, "“%s” is another than in the order's first row.", f.Settings.Columns[name])
			}
		}
	}
	o := &p.Order
	o.External, o.Number, o.URL, o.Source, o.Programme = is["external_id"], is["number"], is["url"], f.Settings.System, f.Settings.Programme
	if o.External == "" {
		o.External = o.Number
	}
	if o.External == "" {
		return 0, social.Errorf(social.Invalid, "It has no number or id of an order.")
	}
	if is["status"] != "" {
		if o.Status, err = status(is["status"]); err != nil {
			return at["status"], err
		}
	}
	if is["date"] != "" {
		if o.At, err = moment(is["date"], f.Settings.Days); err != nil {
			return at["date"], err
		}
	}
	for name, most := range map[string]int{"customer": 200, "organization": 200} {
		if utf8.RuneCountInString(is[name]) > most {
			return at[name], social.Errorf(social.Invalid, "“%s” is longer than %d characters.", f.Settings.Columns[name], most)
		}
	}
	e := Entry{Keys: map[string]social.Author{}}
	if err = e.mail("email", is["email"]); err != nil {
		return at["email"], err
	}
	if err = e.phone("phone", is["phone"], f.Settings.Dial); err != nil {
		return at["phone"], err
	}
	p.Buyer = deal.Buyer{Email: e.Account("email"), Phone: e.Account("phone"), External: is["customer_id"], Name: is["customer"]}
	if p.Buyer.External != "" {
		p.Buyer.System = f.Settings.System
	}
	p.Organization = strings.Join(strings.Fields(is["organization"]), " ")
	return f.bill(o, group, is["currency"], is["total"], at)
}

// bill reads what an order comes to, and its lines.
func (f Import) bill(o *deal.Order, group []rows.Row, currency, total string, at map[string]int) (n int, err error) {
	if currency != "" {
		if o.Currency, err = code(currency); err != nil {
			return at["currency"], err
		}
	}
	// An amount may name its currency itself.
	read := func(s string) (int64, error) {
		amount, of, err := stripped(s)
		switch {
		case err != nil:
			return 0, err
		case of != "" && o.Currency != "" && of != o.Currency:
			return 0, social.Errorf(social.Invalid, "“%s” is not in %s, as the order is.", rows.Clip(s), o.Currency)
		case of != "":
			o.Currency = of
		case o.Currency == "":
			o.Currency = f.Settings.Currency
		}
		return minor(amount, o.Currency)
	}
	if total != "" {
		if o.Amount, err = read(total); err != nil {
			return at["total"], err
		}
	}
	sum, priced := 0.0, false
	for i, r := range group {
		l := deal.OrderLine{Name: f.value(r, "item"), SKU: f.value(r, "sku"), Quantity: 1}
		if q := f.value(r, "quantity"); q != "" {
			if l.Quantity, err = quantity(q); err != nil {
				return i, err
			}
		}
		all, one := f.value(r, "line_total"), f.value(r, "price")
		worth := 0.0
		if all != "" || one != "" {
			times := 1.0
			if all == "" {
				all, times = one, l.Quantity
			}
			amount, err := read(all)
			if err != nil {
				return i, err
			}
			worth, priced = math.Round(float64(amount)*times), true
		}
		if sum += worth; sum > 1e15 {
			return i, social.Errorf(social.Invalid, "This is more money than there is.")
		}
		l.Amount = int64(worth)
		if l.Name == "" {
			l.Name = l.SKU
		}
		if l.Name != "" {
			o.Lines = append(o.Lines, l)
		}
	}
	switch {
	case total == "" && !priced:
		return 0, social.Errorf(social.Invalid, "It has no total.")
	case total == "":
		o.Amount = int64(sum)
	}
	return 0, nil
}

var quantityForm = regexp.MustCompile(`^[0-9]{1,9}([.,]([0-9]{1,2}|[0-9]{4,6}))?$`)

// quantity reads how many; three decimals could be thousands.
func quantity(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || !quantityForm.MatchString(s) || n <= 0 {
		return 0, social.Errorf(social.Invalid, "“%s” is no quantity.", rows.Clip(s))
	}
	return n, nil
}
