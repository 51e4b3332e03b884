# ruff: noqa: E501  (a group is easier to read in one line)
"""Names that the eight languages write differently: places with their adjectives, peoples, persons.

One group a line, all forms of one name, folded (`folding.fold`); endings of inflection need not be
given. Written for this project. A form may stand in two groups.
"""

from __future__ import annotations

PLACES = """
germany german allemagne allemand allemande tedesco tedesca tedeschi alemania aleman alemana deutschland deutsch deutsche niemcy niemiec niemczech niemiecki duitsland duits duitse germania germanus germanicus theodiscus
france french francais francaise francia francese frances francesa frankreich franzosisch franzose francja francuski francuz frankrijk frans franse gallia gallicus francogallia francogallicus
italy italian italie italien italienne italia italiano italiana italienisch italiener wlochy wloski wloch italicus italiaans italiaanse italianus
spain spanish spaniard espagne espagnol espagnole spagna spagnolo spagnola espana espanol espanola spanien spanisch spanier hiszpania hiszpanski hiszpan spanje spaans spaanse spanjaard hispania hispanicus hispanus
portugal portuguese portugais portugaise portogallo portoghese portugues portuguesa portugiesisch portugiese portugalia portugalski portugees lusitania lusitanus
poland polish poles pologne polonais polonaise polonia polacco polacca polaco polaca polen polnisch pole polska polski polak polsce pools poolse polonus polonicus
netherlands dutch holland neerlandais neerlandaise hollandais hollande olandese olanda holandes holandesa holanda niederlande niederlandisch hollandisch holandia holenderski holender niderlandy nederland nederlands nederlandse hollandia batavus nederlandia
belgium belgian belgique belge belgio belga belgica belgien belgisch belgier belgijski belg belgie belgische belgicus
switzerland swiss suisse svizzera svizzero suiza suizo schweiz schweizer schweizerisch szwajcaria szwajcarski szwajcar zwitserland zwitsers helvetia helveticus helvetii
austria austrian autriche autrichien autrichienne austriaco austriaca osterreich osterreichisch osterreicher austriacki austriak oostenrijk oostenrijks austriacus
hungary hungarian hongrie hongrois hongroise ungheria ungherese hungria hungaro hungara ungarn ungarisch ungar wegry wegierski wegier hongarije hongaars hungaria hungaricus hungarus
bohemia bohemian boheme bohemien boemia boemo bohmen bohmisch czechy czeski bohemen boheems bohemus
czech tcheque tchequie ceco ceca cechia checo checa chequia tschechisch tschechien czechy czeski tsjechie tsjechisch
slovakia slovak slovaque slovaquie slovacco slovacchia eslovaco eslovaquia slowakei slowakisch slowacja slowacki slowakije slowaaks slovacus
england english englishman angleterre anglais anglaise inghilterra inglese inglaterra ingles inglesa englisch englander anglia angielski anglik engeland engels engelse anglicus anglus
britain british briton bretagne britannique britannia britannico britannica britanico britanica grossbritannien britisch brite brytania brytyjski brytyjczyk brittannie brits britse britannicus
scotland scottish scots ecosse ecossais ecossaise scozia scozzese escocia escoces escocesa schottland schottisch schotte szkocja szkocki szkot schotland schots scotia scoticus scotus
wales welsh galles gallois gallese gales galesa walisisch walia walijski welse cambria cambricus
ireland irish irlande irlandais irlandaise irlanda irlandese irlandes irlandesa irland irisch ire irlandia irlandzki irlandczyk ierland iers hibernia hibernicus
denmark danish dane danemark danois danoise danimarca danese dinamarca danes danesa danemark danisch dania dunski dunczyk denemarken deens deense danicus
sweden swedish swede suede suedois suedoise svezia svedese suecia sueco sueca schweden schwedisch szwecja szwedzki szwed zweden zweeds suecicus suetia
norway norwegian norvege norvegien norvegienne norvegia norvegese noruega noruego noruega norwegen norwegisch norwegia norweski norweg noorwegen noors norvegicus
finland finnish finn finlande finlandais finnois finlandia finlandese finlandes finnland finnisch finlandzki finski fin fins finnicus
iceland icelandic islande islandais islanda islandese islandia islandes island islandisch islandzki ijsland ijslands
russia russian russe russie russo russa rusia ruso rusa russland russisch rosja rosyjski rosjanin rusland russische russicus rossia
ukraine ukrainian ukrainien ucraina ucraino ucraniano ucrania ukrainisch ukraina ukrainski oekraine oekraiens
lithuania lithuanian lituanie lituanien lituania lituano litauen litauisch litwa litewski litouwen litouws lituanus
latvia latvian lettonie letton lettonia lettone letonia letland lettland lettisch lotwa lotewski
estonia estonian estonie estonien estone estland estnisch estonski
prussia prussian prusse prussien prussia prussiano prusia prusiano preussen preussisch prusy pruski pruisen pruisisch borussia borussicus
saxony saxon saxe sassonia sassone sajonia sajon sachsen sachsisch saksonia saski saksen saksisch
bavaria bavarian baviere bavarois baviera bavarese bavaro bayern bayerisch bawaria bawarski beieren beiers
silesia silesian silesie silesien slesia schlesien schlesisch slask slaski silezie
pomerania pomeranian pomeranie pommern pomorze pomorski pommeren
greece greek greeks grece grec grecque grecs grecia greco greca greci griego griega griechenland griechisch grieche grecja grecki grek griekenland grieks griekse graecia graecus
turkey turkish turk turquie turc turque turchia turco turca turquia turkei turkisch turke turcja turecki turkije turks turcia turcicus
ottoman ottomane ottomano otomano osmanisch osmane osmanski ottomaans ottomanicus
romania romanian roumanie roumain rumania rumano rumanien rumanisch rumunia rumunski roemenie roemeens dacoromania
bulgaria bulgarian bulgarie bulgare bulgaro bulgarien bulgarisch bulgarski bulgarije bulgaars
serbia serbian serb serbie serbe serbo serbien serbisch serbski servie servisch
croatia croatian croat croatie croate croazia croato croacia kroatien kroatisch chorwacja chorwacki kroatie kroatisch
slovenia slovene slovenie slovene sloveno eslovenia slowenien slowenisch slowenia slowenski
albania albanian albanie albanais albanese albanien albanisch albanski
egypt egyptian egypte egyptien egyptienne egitto egiziano egipto egipcio agypten agyptisch egipt egipski egyptisch aegyptus aegyptius aegyptiacus
israel israeli israelien israeliano israelisch izrael izraelski
judaea jewish jews juif juive ebreo ebraico ebrei judio judia jude judisch zydowski zyd joods jood iudaeus iudaicus
arabia arab arabic arabe arabo arabisch araber arabski arabia arabicus
syria syrian syrie syrien siria siriano sirio syrisch syryjski
persia persian perse persan persiano persien persisch perski perzisch perzie persicus
iran iranian iranien iraniano irani iranisch iranski
india indian inde indien indienne indiano indio indisch indie indyjski hindus indus indicus
china chinese chine chinois chinoise cina cinese chino china chinesisch chiny chinski sinae sinicus sinensis
japan japanese japon japonais japonaise giappone giapponese japones japonesa japanisch japonia japonski iaponia iaponicus
korea korean coree coreen corea coreano koreanisch koreanski koreaans
america american amerique americain americaine americano americana amerikanisch amerika amerikaner ameryka amerykanski amerikaans americanus statunitense estadounidense
states united etats unis uniti unidos vereinigte staaten zjednoczone stany verenigde civitates foederatae
canada canadian canadien canadese canadiense kanada kanadisch kanadyjski canadees
mexico mexican mexique mexicain messico messicano mexicano mexiko mexikanisch meksyk meksykanski mexicanus
brazil brazilian bresil bresilien brasile brasiliano brasil brasileno brasilien brasilianisch brazylia brazylijski brazilie braziliaans brasilia
argentina argentine argentin argentino argentinien argentinisch argentyna argentynski argentinie
peru peruvian perou peruvien peruviano peruano peruanisch peruwianski
australia australian australie australien australiano australisch australijski australie
africa african afrique africain africaine africano afrika afrikanisch afryka afrykanski afrikaans africanus
asia asian asie asiatique asiatico asien asiatisch azja azjatycki azie aziatisch asiaticus
europe european europeen europeenne europa europeo europea europaisch europaer europejski europees europaeus
morocco moroccan maroc marocain marocco marocchino marruecos marroqui marokko marokkanisch maroko marokanski
tunisia tunisian tunisie tunisien tunisino tunez tunecino tunesien tunesisch tunezja tunezyjski
algeria algerian algerie algerien algerino argelia argelino algerien algerisch algieria algierski algerije algerijns
ethiopia ethiopian ethiopie ethiopien etiopia etiope athiopien athiopisch etiopski aethiopia
monaco monegasque monegasco
andorra andorran andorrano andorranisch andorrski andorrees
luxembourg luxembourgish lussemburgo luxemburgo luxemburg luksemburg luxemburgum
catalonia catalan catalogne catalogna catalano cataluna katalonien katalanisch katalonia katalonski catalonie catalaans catalaunia
basque basco vasco baskisch baske baskijski
castile castilian castille castillan castiglia castigliano castilla castellano kastilien kastilisch kastylia kastylijski castilla
aragon aragonese aragona aragones aragonien
andalusia andalusian andalousie andalou andaluso andaluz andalucia andalusien
brittany breton bretagne bretone breton bretana bretonisch bretania
normandy norman normandie normand normanno normandia normando normannisch normandzki normandisch
burgundy burgundian bourgogne bourguignon borgogna borgognone borgona burgund burgundisch burgundia burgundzki bourgondie bourgondisch
lorraine lothringen lorena lotharingia lotaryngia lotharingen
alsace alsatian alsacien alsazia alsaziano alsacia elsass elsassisch alzacja elzas
savoy savoie savoia saboya savoyen sabaudia
provence provencal provenza provenzale provenzal prowansja provincia
corsica corsican corse corso corsa corcega korsika korsisch korsyka korsykanski corsicaans
sicily sicilian sicile sicilien sicilia siciliano sizilien sizilianisch sycylia sycylijski siculus
sardinia sardinian sardaigne sarde sardegna sardo cerdena sardinien sardisch sardynia
tuscany tuscan toscane toscan toscana toscano toskana toskanisch toskania toskanski toscaans tuscia etruria
lombardy lombard lombardie lombardo lombardia lombardei lombardisch longobardus
piedmont piemontese piemont piemonte
flanders flemish flandre flamand fiandre fiammingo flandes flamenco flandern flamisch flandria flamandzki vlaanderen vlaams
frisia frisian frise frison frisia frisone friesland friesisch fryzja fries
tyrol tyrolean tirol tirolo tirolese tiroler
balkans balkan balcani balcanes balkany
scandinavia scandinavian scandinavie scandinave scandinavo escandinavia skandinavien skandinavisch skandynawia scandinavisch
rome roman romans romain romaine roma romano romana rom romisch romer rzym rzymski rzymianin rome romeins romein romanus
latin latine latino latina lateinisch latein lacina lacinski latijn latinus
athens athenian athenes athenien atene ateniese atenas ateniense athen athenisch ateny atenski athenae atheniensis
sparta spartan sparte spartiate spartano espartano esparta spartanisch spartanski
troy trojan troie troyen troia troiano troya troyano troja trojanisch trojanski trojaans troianus ilium
thebes theban thebes tebe tebano tebas theben teby thebae
corinth corinthian corinthe corinto corinzio korinth korinthisch korynt corinthus
carthage carthaginian carthaginois cartagine cartaginese cartago cartagines karthago karthagisch kartagina punic punique punico punisch punicus
constantinople costantinopoli constantinopla konstantinopel konstantynopol constantinopolis istanbul byzantium
byzantine byzantin bizantino byzantinisch bizantyjski byzantijns
alexandria alexandrian alexandrie alessandria alejandria aleksandria alexandrinus
jerusalem gerusalemme jerusalen jerozolima jeruzalem hierosolyma
damascus damas damasco damaskus damaszek
babylon babylonian babylone babilonia babylonien babylonisch babilon babilonski
cairo caire kairo
paris parisian parisien parisienne parigi parigino paryz paryski parijs lutetia parisii
london londoner londres londinese londra londyn londynski londen londinium
berlin berliner berlinois berlino berlinese berlinski berlinum berolinum berolinensis berlijn berlijns
vienna viennese vienne viennois viennese viena vienes wien wiener wieden wiedenski wenen weens vindobona
munich munchen monachium monacum
cologne koln colonia kolonia keulen
nuremberg nurnberg norimberga norymberga neurenberg
aachen aix aquisgrana akwizgran aken
mainz mayence magonza maguncia moguncja mogontiacum
trier treves treviri treveris trewir
regensburg ratisbonne ratisbona ratyzbona
prague praga prag praski praag
warsaw varsovie varsavia varsovia warschau warszawa warszawski
krakow cracow cracovie cracovia krakau krakowski
gdansk danzig danzica dantzig gedanum gdanski
wroclaw breslau breslavia wroclawski vratislavia
poznan posen posnania poznanski
szczecin stettin stettino szczecinski
torun thorn thorunia
lviv lwow lemberg leopoli leopolis
vilnius wilno wilna vilna
konigsberg krolewiec kaliningrad
milan milanese milano milan mailand mediolan mediolanum milaan
venice venetian venise venitien venezia veneziano venecia veneciano venedig venezianisch wenecja wenecki venetie venetiaans venetia
genoa genoese genes genois genova genovese genova genoves genua genuesisch genuenski
florence florentine florentin firenze fiorentino florencia florentino florenz florentinisch florencja florencki florentia
naples neapolitan naples napolitain napoli napoletano napoles napolitano neapel neapolitanisch neapol neapolitanski neapolis
turin torino turinese turyn taurinum
padua padoue padova padowa
mantua mantoue mantova mantua
bologna bologne bolonia bononia
pisa pisan pisano pise
ravenna ravenne rawenna
syracuse siracusa syrakus syrakuzy
trent trento trente trient trydent
geneva geneve ginevra ginebra genf genewa
basel bale basilea bazylea
zurich zurigo turicum
berne bern berna berno
lyon lyons lione lugdunum
marseille marseilles marsiglia marsella massilia marsylia
nice nizza niza nicea
avignon avignone avinon awinion
bordeaux burdeos burdigala
toulouse tolosa tuluza
strasbourg strassburg strasburgo estrasburgo straatsburg argentoratum
reims rheims remi
antwerp anvers anversa amberes antwerpen antwerpia
brussels bruxelles bruselas brussel brussel bruksela
ghent gand gent gante gandawa
bruges brugge brugia brujas
liege luttich luik lieja leodium
louvain leuven lovanio lovaina lowen
leiden leyden leida leyde lugdunum
hague haye aia haya haag haga
utrecht ultraiectum
lisbon lisbonne lisbona lisboa lissabon lizbona olisipo
seville sevilla siviglia sevilla hispalis sewilla
cordoba cordova cordoue kordoba
saragossa zaragoza saragosse
toledo tolede toletum
moscow moscou mosca moscu moskau moskwa moskiewski moskou moscovia
petersburg pietroburgo petersbourg petersburgo petrograd leningrad
copenhagen copenhague copenaghen kopenhagen kopenhaga hafnia
stockholm stoccolma estocolmo sztokholm holmia
edinburgh edimbourg edimburgo edynburg
dublin dublino dublinum
canterbury cantorbery cantuaria
york eboracum
beijing peking pekin pechino
tokyo tokio
danube danubian donau danubio dunaj danuvius
rhine rhin reno rin rhein ren rijn rhenus rhenish rhenan
rhone rodano rodan rhodanus
seine senna sena sekwana sequana
thames tamise tamigi tamesis tamiza theems
tiber tibre tevere tibre tyber tiberis
elbe elba laba albis
oder odra
vistula vistule vistola weichsel wisla
moselle mosel mosella mozela moezel
meuse maas mosa moza
nile nil nilo nijl nilus
alps alpine alpes alpin alpi alpino alpen alpinisch alpy alpejski alpinus
pyrenees pyrenean pirenei pirineos pyrenaen pireneje pyreneeen
carpathians carpathes carpazi carpatos karpaten karpaty
apennines apennin appennini apeninos apenniny
mediterranean mediterranee mediterraneo mittelmeer srodziemne middellandse mediterraneus
baltic baltique baltico ostsee baltycki baltyk oostzee
atlantic atlantique atlantico atlantik atlantisch atlantycki
adriatic adriatique adriatico adria adriatyk
aegean egee egeo agais egejski egeische aegaeus
"""

PEOPLES = """
christian christians chretien chretienne cristiano cristiana christlich christ chrzescijanin chrzescijanski christelijk christianus
catholic catholique cattolico catolico katholisch katholik katolicki katolik katholiek catholicus
protestant protestante protestantisch protestancki protestants
lutheran lutherien luterano lutherisch luteranski luthers
calvinist calviniste calvinista kalwinista
orthodox orthodoxe ortodosso ortodoxo orthodox prawoslawny
muslim moslem musulman musulmano muselmanisch muslimisch muzulmanin muzulmanski moslim
islam islamic islamique islamico islamisch islamski islamitisch
buddhist bouddhiste buddista budista buddhistisch buddyjski
hindu hindou indu hinduistisch hinduski
benedictine benedictin benedettino benedictino benediktiner benedyktyn
franciscan franciscain francescano franciscano franziskaner franciszkanin
dominican dominicain domenicano dominico dominikaner dominikanin
jesuit jesuite gesuita jesuita jezuita jesuiet
cistercian cistercien cistercense zisterzienser cysters
teutonic teutonique teutonico deutschorden krzyzak krzyzacki
templar templier templare templario templer templariusz
celt celtic celte celtique celtico celta keltisch kelte celtycki keltisch
gaul gauls gallic gaulois gallo galo gallisch gallier gal galijski gallus
goth gothic goths gothique goto gotico gotisch gote got gocki gothicus
vandal vandale vandalo wandalen wandal
frank franks frankish franc franco frankisch frankowie frankijski
hun huns hunni hunos hunnen hunowie
slav slavic slavs slave slavo eslavo slawisch slawe slowianski slowianin slavisch
viking vikings vichingo vikingo wikinger wiking
moor moors moorish maure moro mauren maur mauretanski
tatar tatars tartare tartaro tataren tatarski
mongol mongols mongolian mongole mongolo mongolisch mongolski
etruscan etrusque etrusco etruskisch etruski etruscus
phoenician phenicien fenicio phonizisch fenicki
habsburg hapsburg habsbourg asburgo habsburgo habsburger habsburski
bourbon borbone borbon burbon bourbonen
hohenzollern hohenzollernowie
jagiellonian jagiellon jagellone jagellon jagiellonisch jagiellonski jagello
napoleonic napoleon napoleone napoleonisch napoleonski
renaissance rinascimento renacimiento renesans
reformation reforme riforma reforma reformacja reformatie
enlightenment lumieres illuminismo ilustracion aufklarung oswiecenie verlichting
nazi nazis nazisme nazista nationalsozialist nazistowski
olympic olympics olympique olimpico olympisch olimpijski
bible biblical biblique biblia bibbia biblisch biblijny bijbel bijbels
"""

PERSONS = """
saint saints sainte san santo santa sankt heilige heiliger swiety swieta sint sanctus sancta heilig
pope pape papa papst papiez paus
emperor empereur imperatore emperador kaiser cesarz keizer imperator
king roi re rey konig krol koning rex
queen reine regina reina konigin krolowa koningin regina
duke duc duca duque herzog ksiaze hertog dux
count comte conte conde graf hrabia graaf comes
bishop eveque vescovo obispo bischof biskup bisschop episcopus
alexander alexandre alessandro alejandro aleksander alexandros
aristotle aristote aristotele aristoteles arystoteles
plato platon platone plato
socrates socrate sokrates
homer homere omero homero homerus
virgil virgile virgilio vergil wergiliusz vergilius
ovid ovide ovidio owidiusz ovidius
horace orazio horacio horaz horacy horatius
cicero ciceron cicerone cyceron
livy livio liwiusz livius
pliny pline plinio plinius pliniusz
caesar cesar cesare cezar
augustus auguste augusto august
achilles achille aquiles achill achillesz achilleus
ulysses odysseus ulysse ulisse ulises odyseusz
hector hektor ettore
apollo apollon apolo apollin
jupiter zeus giove jowisz iuppiter
venus aphrodite venere afrodyta afrodita
mercury mercure mercurio merkur merkury mercurius
charlemagne carlomagno karol karl carolus karel
charles carlo carlos karl karol karel carolus
louis luigi luis ludwig ludwik lodewijk ludovicus lajos
john jean giovanni juan johann johannes jan ivan ioannes
james jacques giacomo jaime santiago jakob jakub jacobus iacobus
henry henri enrico enrique heinrich henryk hendrik henricus
william guillaume guglielmo guillermo wilhelm willem guilelmus
francis francois francesco francisco franz franciszek frans franciscus
frances francoise francesca francisca franziska franciszka
frederick frederic federico friedrich fryderyk frederik fridericus
philip philippe filippo felipe philipp filip philippus
peter pierre pietro pedro piotr petrus pieter
paul paolo pablo pawel paulus
joseph giuseppe jose josef jozef iosephus
george georges giorgio jorge georg jerzy joris georgius
stephen etienne stefano esteban stefan szczepan stephanus
thomas tommaso tomas tomasz
matthew matthieu matteo mateo matthaus mateusz mattheus matthaeus
mark marc marco marcos markus marek marcus
luke luc luca lucas lukas lukasz
andrew andre andrea andres andreas andrzej
nicholas nicolas niccolo nicola nikolaus mikolaj nicolaas nicolaus
michael michel michele miguel michal michiel
anthony antoine antonio anton antoni antonius
lawrence laurent lorenzo laurenz wawrzyniec laurens laurentius
leopold leopoldo leopoldus
ferdinand ferdinando fernando ferdynand ferdinandus
maximilian maximilien massimiliano maximiliano maksymilian
sigismund sigismond sigismondo segismundo zygmunt
ladislaus ladislas ladislao wladyslaw vladislav
casimir casimiro kasimir kazimierz
stanislaus stanislas stanislao stanislaw
boleslaus boleslas boleslao boleslaw
adalbert wojciech albert alberto
hedwig hedwige edvige eduvigis jadwiga
elizabeth elisabeth elisabetta isabel elzbieta isabella isabelle
mary marie maria miriam
anne anna ana ann
catherine catherina caterina catalina katharina katarzyna catharina
margaret marguerite margherita margarita margarete malgorzata margaretha
joan jeanne giovanna juana johanna joanna
eleanor alienor eleonora leonor eleonore
theresa therese teresa
helen helene elena helena
christopher christophe cristoforo cristobal christoph krzysztof
columbus colomb colombo colon kolumbus kolumb
copernicus copernic copernico kopernikus kopernik
luther lutero luter lutherus
calvin calvino kalwin
erasmus erasme erasmo erazm
gregory gregoire gregorio gregor grzegorz gregorius
benedict benoit benedetto benito benedikt benedykt benedictus
clement clemente klemens
pius pie pio
leo leon leone
innocent innocenzo inocencio innozenz innocenty
urban urbain urbano urbanus
martin martino martinus marcin
ambrose ambroise ambrogio ambrosio ambrosius
jerome girolamo jeronimo hieronymus hieronim
augustine augustin agostino agustin augustinus augustyn
moses moise mose moises mojzesz
noah noe
abraham abramo abrahan
solomon salomon salomone salomo
david davide dawid
jesus gesu jezus iesus
avicenna avicenne awicenna
averroes averroe awerroes
"""
