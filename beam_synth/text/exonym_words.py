# ruff: noqa: E501  (a group is easier to read in one line)
"""Words that names of institutions, events and creeds are made of, which each language has its own
for: world, war, parliament, union. Groups as in `exonym_table`, written for this project.
"""

from __future__ import annotations

INSTITUTIONS = """
world mondiale mondial weltkrieg mundial swiatowa swiatowej wereldoorlog mundanum mundanus
war wars guerre guerra weltkrieg krieg kriege wojna wojny wojnie oorlog wereldoorlog bellum belli
first premier premiere erste ersten primo prima primer primera pierwszy pierwsza pierwszej eerste primus primum
second seconde deuxieme zweite zweiten secondo seconda segundo segunda drugi druga drugiej tweede secundus secundum
third troisieme dritte dritten terzo terza tercero tercera trzeci trzecia derde tertius
parliament parlement parlamento parlament
army armee armata esercito ejercito armia wojsko leger heer exercitus
navy marine marina armada marynarka flotte classis
university universite universita universidad universitat uniwersytet universiteit universitas
academy academie accademia academia akademie akademia
union unione unia unie
republic republique repubblica republica republik rzeczpospolita republika republiek
empire impero imperio reich kaiserreich imperium cesarstwo rijk keizerrijk
kingdom royaume regno reino konigreich krolestwo koninkrijk regnum
emperor empereur imperatore emperador kaiser cesarz keizer imperator
king roi rey konig krol koning rex regis
queen reine regina reina konigin krolowa koningin
pope pape papa papst papiez paus
church eglise chiesa iglesia kirche kosciol kerk ecclesia
council conseil consiglio consejo rat rada raad concilium
court cour corte gericht gerichtshof hof tribunal tribunale curia
party parti partito partido partei partia partij
bank banque banca banco bankowy
museum musee museo muzeum
library bibliotheque biblioteca bibliothek biblioteka bibliotheek
institute institut istituto instituto instytut instituut
society societe societa sociedad gesellschaft towarzystwo genootschap societas
treaty traite trattato tratado vertrag traktat verdrag foedus
battle bataille battaglia batalla schlacht bitwa slag proelium pugna
revolution rivoluzione revolucion rewolucja revolutie
peace paix pace paz frieden pokoj vrede pax
prize prix premio preis nobelpreis nagroda prijs praemium
sea mer mare mar meer morze zee
ocean oceano ozean
river fleuve riviere fiume rio fluss rzeka rivier fluvius flumen
lake lac lago see jezioro meer lacus
island isle isola isla insel wyspa eiland insula
mount mountain mont monte berg gora mons
north nord norte norden polnoc noord septentrio
south sud suden poludnie zuid meridies
east este ost osten wschod oost oriens
west ouest ovest oeste westen zachod occidens
eu ue europaische unione unia
onu onz nations naciones nazioni vereinte narodow naties
nato otan
orthodox orthodoxe ortodosso ortodossa ortodoxo ortodoxa prawoslawny prawoslawie
catholic catholique cattolico cattolica catolico catolica katholisch katolicki katholiek catholicus
protestant protestante protestantisch protestancki protestants
christianity christianisme cristianesimo cristianismo christentum chrzescijanstwo christendom christiana
christian chretien chretienne cristiano cristiana christlich chrzescijanski christelijk christianus
islam islamique islamico islamisch
muslim musulman musulmano musulmana muslimisch muzulmanski moslim
jewish jew juif juive ebreo ebraico judio judia judisch jude zydowski joods hebraeus hebraei
mediterranean mediterranee mediterraneo mittelmeer srodziemne srodziemnym middellandse
"""
