/** The words that say what the number after them is, in English, French, German, Spanish, Portuguese and Italian. */

/** Phrases of one to three words, lower case, without accents, parted by commas. */
export const LABEL_WORDS = [
  [
    'phone',
    'phone,phones,telephone,tel,mobile,cell,cellphone,fax,whatsapp,sms,msisdn,hotline,landline,phone number,' +
      'telefon,telefonnummer,handy,handynummer,rufnummer,mobil,mobilnummer,festnetz,telefono,telefonos,movil,' +
      'celular,fijo,portable,fixe,numero de telephone,telefone,telemovel,whats,cellulare,recapito',
  ],
  [
    'call',
    'call,called,calling,answer,answers,answering,pick up,contact,reach,ring,dial,text,office,home,work,desk,direct,extension,helpline,' +
      'appeler,appelez,appelle,joindre,contacter,anrufen,anruf,erreichbar,erreichen,ruf,llamar,llama,llamame,' +
      'contacto,ligar,liga,ligue,contato,chiamare,chiama,chiamami,contattare',
  ],
  ['ssn', 'ssn,social security,social security number,soc sec,ss number,social'],
  ['itin', 'itin,individual taxpayer'],
  [
    'card',
    'card,cards,cc,credit,debit,visa,mastercard,amex,american express,discover,maestro,pan number,carte,carte bancaire,' +
      'cb,karte,kreditkarte,kartennummer,kreditkartennummer,tarjeta,cartao,carta di credito,carta',
  ],
  [
    'account',
    'iban,account,acct,bank account,konto,kontonummer,kontonr,compte,cuenta,conta,conto,routing,sort code,bic,swift,rib',
  ],
  [
    'ip',
    'ip,ips,ipv4,ipv6,address,addr,host,hostname,server,client,dns,ping,gateway,subnet,adresse ip,ip adresse,' +
      'direccion ip,endereco ip,indirizzo ip,remote,from,login',
  ],
  [
    'passport',
    'passport,passports,passeport,reisepass,reisepassnummer,pass nr,passnummer,pasaporte,passaporte,passaporto',
  ],
  [
    'license',
    'driver license,drivers license,driving licence,driver s license,driver s licence,drivers licence,driving license,license number,licence number,dl,dln,' +
      'permis,permis de conduire,fuhrerschein,fuhrerscheinnummer,fuehrerschein,licencia de conducir,carnet de conducir,' +
      'permiso de conducir,carta de conducao,cnh,carteira de motorista,patente di guida',
  ],
  ['nhs', 'nhs,nhs number,national health service'],
  ['sin', 'sin,social insurance,social insurance number,nas,assurance sociale'],
  ['aadhaar', 'aadhaar,aadhar,adhaar,uid,uidai'],
  ['pan', 'pan,permanent account'],
  [
    'tax',
    'tax id,tax number,tin,taxpayer,national id,identity number,identity card,id card,id number,national insurance,' +
      'nino,ni number,personal number,personnummer,personal id,numero fiscal,identifiant fiscal,numero de securite sociale,' +
      'securite sociale,nir,insee,secu,steuer id,steueridentifikationsnummer,steuer identifikationsnummer,idnr,steuernummer,' +
      'identifikationsnummer,personalausweis,ausweisnummer,sozialversicherungsnummer,ahv,dni,nif,nie,nipc,cif,' +
      'documento,identidad,cedula,rut,curp,rfc,cuit,cuil,cpf,contribuinte,numero de contribuinte,cartao de cidadao,' +
      'identidade,codice fiscale,cf,bsn,burgerservicenummer,sofinummer,rijksregisternummer,niss,insz,pesel,cnp,egn,oib,' +
      'emso,jmbg,hetu,henkilotunnus,cpr,fodselsnummer,tckn,tc kimlik,kimlik,tfn,tax file number,tax file,pps,ppsn,' +
      'my number,nric,citizen id,teudat zehut,id nummer,resident id,rrn',
  ],
  [
    'record',
    'mrn,medical record,medical record number,patient id,patient number,patient no,chart number,patient,record number,' +
      'hospital number,dossier medical,numero de dossier,patientennummer,fallnummer,historia clinica,prontuario,' +
      'cartella clinica',
  ],
  [
    'insurance',
    'member id,member number,policy,policy number,policy no,subscriber,subscriber id,insurance,insurance id,' +
      'health insurance,medicare,medicaid,mbi,beneficiary,group number,health plan,health card,assurance maladie,' +
      'versichertennummer,krankenversicherung,krankenversichertennummer,krankenkasse,tarjeta sanitaria,cartao de saude,' +
      'sns,cns,tessera sanitaria,mutuelle',
  ],
  ['npi', 'npi,national provider,provider number,provider identifier'],
  ['dea', 'dea,dea number,dea registration'],
  [
    'cvv',
    'cvv,cvv2,cvc,cvc2,cid,csc,security code,verification code,card code,cryptogramme,prufziffer,kartenprufnummer,' +
      'prufnummer,codigo de seguridad,codigo de seguranca,codice di sicurezza',
  ],
  [
    'expiry',
    'exp,expiry,expires,expiration,expire,valid thru,valid until,valid through,expiration date,expiry date,exp date,' +
      'expiration de,date d expiration,expire le,ablauf,ablaufdatum,gultig bis,gueltig bis,caducidad,vencimiento,caduca,' +
      'vence,validade,vencimento,scadenza,scade,validita',
  ],
  [
    'birth',
    'born,dob,birth,birthday,birthdate,date of birth,ne le,nee le,naissance,date de naissance,geboren,geb,geburtsdatum,' +
      'geburtstag,nacimiento,nacido,nacida,nascimento,nascido,nascida,nascita,nato,nata',
  ],
  [
    'secret',
    'api key,apikey,secret,secret key,access key,token,access token,auth token,password,passwd,pwd,passphrase,' +
      'credential,credentials,client secret,private key,signing key,api secret,api token,auth key,license key,' +
      'encryption key,account key,mot de passe,passwort,kennwort,contrasena,senha,parola chiave,cle api,aimlapi,aiml api',
  ],
  ['bearer', 'bearer,authorization bearer'],
  [
    'reference',
    'order,orders,died,deceased,gestorben,decede,meeting,meeting id,course id,event id,license plate,plate,invoice,ticket,tracking,reference,ref,case,booking,reservation,receipt,transaction,shipment,parcel,' +
      'sku,isbn,issn,doi,ean,upc,barcode,serial,model,part,item,product,batch,lot,quantity,amount,total,price,cost,budget,' +
      'population,timestamp,commit,build,issue,bug,pr,line,page,port,pid,error,code,year,years,bytes,rows,' +
      'count,size,width,height,offset,id order,commande,facture,colis,suivi,montant,bestellung,bestellnummer,rechnung,' +
      'rechnungsnummer,sendungsnummer,betrag,artikelnummer,pedido,factura,envio,importe,referencia,encomenda,fatura,' +
      'valor,ordine,fattura,spedizione,importo,riferimento,coordinates,latitude,longitude,seed,hash,checksum,job',
  ],
  ['place', 'suite,apt,apartment,room,building,floor,zip,zip code,postcode,postal code,plz,bureau,etage'],
  [
    'version',
    'version,versions,v,release,firmware,rev,revision,section,chapter,clause,versione,versao,kapitel,abschnitt',
  ],
] as const;

/** What a label says the number after it is. */
export type LabelKind = (typeof LABEL_WORDS)[number][0];
