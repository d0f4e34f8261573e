// Stage 1, data: files that hold secrets, as far as a name can tell. Invariant: these are never read, not even when a file is
// asked for by name, unless the user insists. Syntax: see nameRules.ts.

export const SECURITY_RULES: readonly string[] = [
  // Environment files
  '.env*',
  '.env*/',
  '*.env',

  // Keys and certificates
  '*.pem',
  '*.key',
  '*.ppk',
  '*.p8',
  '*.p12',
  '*.pfx',
  '*.pkcs12',
  '*.der',
  '*.crt',
  '*.cer',
  '*.csr',
  '*.gpg',
  '*.pgp',
  'id_rsa*',
  'id_dsa*',
  'id_ecdsa*',
  'id_ed25519*',
  '*_rsa',
  '*_dsa',
  '*_ecdsa',
  '*_ed25519',

  // Key stores and password safes
  '*.jks',
  '*.keystore',
  '*.keytab',
  '*.kdb',
  '*.kdbx',
  '*.keychain',
  '*.keychain-db',
  '*.mobileprovision',
  '*.provisionprofile',
  '.password-store/',
  'wallet.dat',

  // Folders that tools keep their logins in
  '.ssh/',
  '.aws/',
  '.azure/',
  '.gnupg/',
  '.kube/',
  '.gcloud/',
  '.config/gcloud/',
  '.config/gh/',
  '.secrets/',

  // Logins of tools
  '.netrc',
  '_netrc',
  '.npmrc',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.boto',
  '.s3cfg',
  '.dockercfg',
  '.docker/config.json',
  '.git-credentials',
  '.htpasswd',
  '.vault-token',
  '.terraformrc',
  'terraform.rc',
  '.Renviron',
  '.cargo/credentials.toml',
  '.composer/auth.json',
  '.m2/settings.xml',
  '.*_history',
  'rclone.conf',
  '*.ovpn',
  'kubeconfig',
  'kubeconfig.{yml,yaml}',
  '*.kubeconfig',

  // Credentials in data files; `credentials.ts` is code and stays
  'credentials',
  'credentials.{json,yml,yaml,toml,ini,xml,csv,txt,db}',
  'client_secret*.json',
  'service-account*.json',
  'service_account*.json',
  '*-service-account.json',
  'serviceAccountKey*.json',
  'secrets.{json,yml,yaml,toml,ini,xml,txt}',
  'secret.{json,yml,yaml,toml,ini,xml,txt}',

  // State and variables of infrastructure code hold what they deploy with
  '*.tfstate',
  '*.tfstate.*',
  '*.tfvars',
  '*.tfvars.json',
];

/** Names that the rules above would catch, and that are written to be shared. */
export const SECURITY_EXCEPTIONS: readonly string[] = [
  '.env*.{example,sample,template,dist}',
  '.env-{example,sample,template}',
  '{example,sample,template}.env',
  '*.tfvars.{example,sample}',
  'id_{rsa,dsa,ecdsa,ed25519}*.{ts,js,py,go,rs,java,c,h,md}',
];
