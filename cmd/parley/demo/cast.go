package demo

import "github.com/parley-crm/parley/channel/practice"

// Club is whose one post lets the recall break.
const Club = "teakettle.club"

// cast is the people whom everybody at the company knows by name.
func cast() []practice.Persona {
	return []practice.Persona{
		{Handle: "amara", Name: "Amara Okafor", Email: "amara.okafor@hey.example", Followers: 612, Place: "Portland, OR", Mood: practice.Curious},
		{Handle: "lucia.cardenas", Name: "Lucía Cárdenas", Email: "lucia.cardenas@correo.example", Followers: 240, Place: "Albuquerque, NM", Mood: practice.Annoyed},
		{Handle: "tmajewski", Name: "Tomasz Majewski", Followers: 88, Place: "Portland, OR", Mood: practice.Happy},
		{Handle: "yuki.h", Name: "Yuki Hayashi", Email: "yuki.hayashi@tegami.example", Followers: 1450, Place: "Leadville, CO", Mood: practice.Curious},
		{Handle: "denizkaya", Name: "Deniz Kaya", Followers: 319, Place: "Izmir", Mood: practice.Annoyed},
		{Handle: "mele.f", Name: "Mele Fonoti", Followers: 171, Place: "Portland, OR", Mood: practice.Calm},
		{Handle: "gracewanjiru", Name: "Grace Wanjiru", Followers: 702, Place: "Nairobi", Mood: practice.Calm},
		{Handle: "soren", Name: "Søren Bach", Followers: 533, Place: "Aarhus", Mood: practice.Calm},
		{Handle: "nguyenvanan", Name: "Nguyễn Văn An", Followers: 128, Place: "San José, CA", Mood: practice.Curious},
		{Handle: "rstein", Name: "Rebecca Stein", Followers: 64, Place: "Seattle, WA", Mood: practice.Angry},
		{Handle: Club, Name: "The Teakettle Club", Followers: 41_000, Place: "London", Mood: practice.Curious},
		{Handle: "hana", Name: "Hana Nováková", Followers: 890, Place: "Brno", Mood: practice.Curious},
		{Handle: "imran.r", Name: "Imran Rashid", Followers: 45, Place: "Portland, OR", Mood: practice.Happy},
		{Handle: "kwabena_o", Name: "Kwabena Osei", Followers: 1204, Place: "Accra", Mood: practice.Curious},
		{Handle: "fatima", Name: "Fatima Al-Sayed", Followers: 2300, Place: "Manchester", Mood: practice.Happy},
		{Handle: "psikora", Name: "Paweł Sikora", Email: "pawel.sikora@poczta.example", Followers: 97, Place: "Łódź", Mood: practice.Annoyed},
		{Handle: "oberg", Name: "Mikael Öberg", Followers: 9800, Place: "Uppsala", Mood: practice.Calm},
	}
}

// folk is a country's people: first names and family names. A name may be
// given as written and, behind a stroke, in Latin letters for the handle.
type folk struct {
	lang          string
	share         int
	first, family []string
	places        []string
}

var folks = []folk{
	{"en", 78, []string{"Emma", "Noah", "Olivia", "Liam", "Ruth", "Caleb", "Maddie", "Theo", "Harriet", "Dwayne", "Shauna", "Eli", "Priscilla", "Glenn", "Tamsin", "Rory", "Imogen", "Curtis", "Beth", "Malcolm", "Jade", "Owen", "Abigail", "Marvin", "Josie", "Trent", "Nell", "Desmond", "Fern", "Stuart", "Gwen", "Isaac", "Paige", "Clive", "Hattie", "Ambrose", "Kayla", "Neville", "Rosalind", "Zach", "Deb", "Hector", "Iris", "Leon", "Morgan", "Sadie", "Vince", "Winnie"}, []string{"Carter", "Whitaker", "Bell", "Donnelly", "Pratt", "Sullivan", "Hayes", "Ashworth", "Kimball", "O’Brien|obrien", "Mercer", "Lowe", "Finch", "Tran", "Delgado", "Reid", "Hartley", "Boone", "Fairbanks", "Okoro", "Pike", "Stanhope", "Yates", "McBride", "Lindsay", "Garrity", "Quinlan", "Everett", "Novak", "Thorne", "Castillo", "Beckett", "Munro", "Ives", "Salazar", "Tolliver", "Wren", "Addison"}, []string{"Portland, OR", "Seattle, WA", "Leeds", "Bristol", "Toronto", "Austin, TX", "Glasgow", "Perth", "Cork", "Boise, ID"}},
	{"en", 9, []string{"Chidi", "Ngozi", "Adaeze", "Tunde", "Wanjiku", "Kamau", "Amina", "Kwame", "Abena", "Sipho", "Folake", "Emeka", "Thandiwe", "Njeri"}, []string{"Eze", "Balogun", "Mwangi", "Mensah", "Otieno", "Dlamini", "Abubakar", "Nwosu"}, []string{"Lagos", "Nairobi", "Accra", "Durban"}},
	{"en", 10, []string{"Arjun", "Meera", "Rohan", "Ananya", "Vikram", "Zara", "Bilal", "Kavya", "Farah", "Dev", "Leela", "Imtiaz", "Nisha"}, []string{"Iyer", "Kapoor", "Chowdhury", "Menon", "Siddiqui", "Rao", "Perera", "Hussain"}, []string{"Bengaluru", "Leicester", "Karachi", "Colombo", "Mumbai"}},
	{"en", 9, []string{"Linnea", "Anders", "Freja", "Jari", "Aino", "Sigrid", "Mads", "Ingrid", "Lotte", "Joost"}, []string{"Nyström", "Lund", "Korhonen", "Haugen", "Vestergaard", "de Vries", "Bakker", "Solberg"}, []string{"Malmö", "Bergen", "Tampere", "Odense", "Utrecht"}},
	{"en", 8, []string{"Mei", "Jun", "Hyun-woo", "Soo-ah", "Linh", "Minh", "Siti", "Kenji", "Ploy"}, []string{"Chen", "Park", "Pham", "Wong", "Kim", "Tanaka", "Lim", "Suharto"}, []string{"Singapore", "Seoul", "Hanoi", "Vancouver", "Taipei"}},
	{"de", 30, []string{"Lena", "Jürgen", "Annika", "Uwe", "Sabine", "Felix", "Katharina", "Matthias", "Birgit", "Moritz", "Heike", "Jannik"}, []string{"Brandt", "Köhler", "Schuster", "Weiß", "Lindner", "Vogel", "Huber", "Krämer", "Nowak", "Jansen"}, []string{"Köln", "Leipzig", "Graz", "Bremen", "Basel", "Ulm"}},
	{"fr", 22, []string{"Camille", "Hugo", "Élodie", "Antoine", "Manon", "Youssef", "Claire", "Bastien", "Maëlle", "Gilles"}, []string{"Lefèvre", "Morel", "Garnier", "Benali", "Chevalier", "Roussel", "Perrin", "Dubreuil"}, []string{"Nantes", "Lyon", "Lille", "Liège", "Montréal"}},
	{"es", 22, []string{"Paula", "Javier", "Inés", "Andrés", "Carmen", "Diego", "Marisol", "Álvaro", "Rocío", "Mateo"}, []string{"Romero", "Ibáñez", "Fuentes", "Ortega", "Salas", "Quintero", "Vega", "Morales"}, []string{"Vigo", "Sevilla", "Bogotá", "Ciudad de México", "Rosario"}},
	{"pt", 11, []string{"Beatriz", "João", "Mariana", "Tiago", "Larissa", "Rui", "Camila"}, []string{"Almeida", "Ferreira", "Souza", "Carvalho", "Nunes", "Barros"}, []string{"Porto", "Curitiba", "Lisboa", "Recife"}},
	{"pl", 10, []string{"Agnieszka", "Piotr", "Kasia", "Wojciech", "Magda", "Bartek"}, []string{"Zielińska", "Kowalczyk", "Wrona", "Lis", "Mazur", "Dudek"}, []string{"Gdańsk", "Poznań", "Lublin"}},
	{"tr", 8, []string{"Elif", "Mehmet", "Zeynep", "Burak", "Ayşe"}, []string{"Yıldız", "Demir", "Çelik", "Arslan", "Koç"}, []string{"Izmir", "Ankara", "Bursa"}},
	{"ja", 10, []string{"美咲|misaki", "健太|kenta", "由美|yumi", "翔|sho", "さくら|sakura", "大輔|daisuke"}, []string{"佐藤|sato", "森|mori", "山本|yamamoto", "林|hayashi", "井上|inoue"}, []string{"京都", "札幌", "松本"}},
	{"ar", 8, []string{"ليلى|layla", "عمر|omar", "نور|nour", "خالد|khaled", "سلمى|salma"}, []string{"حداد|haddad", "منصور|mansour", "السيد|elsayed", "عباس|abbas"}, []string{"القاهرة", "عمّان", "الدار البيضاء"}},
}
