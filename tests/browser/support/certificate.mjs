import { execFileSync } from "node:child_process";
import path from "node:path";

/**
 * Makes a certificate that nobody has signed but itself.
 *
 * @param {string} folder for it and its key
 * @param {string} names of whom it is (RFC 5280 4.2.1.6), as OpenSSL writes them
 * @returns where both are
 */
export function selfSigned(folder, names) {
  const [certificate, key] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", "/CN=localhost", "-addext", `subjectAltName=${names}`],
      ...["-keyout", key, "-out", certificate],
    ],
    { stdio: "pipe" },
  );
  return { certificate, key };
}
