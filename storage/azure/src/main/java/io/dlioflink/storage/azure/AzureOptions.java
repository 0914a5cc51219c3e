/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import io.dlioflink.storage.azure.AzureCredential.AccountKey;
import io.dlioflink.storage.azure.AzureCredential.DefaultChain;
import io.dlioflink.storage.azure.AzureCredential.SharedAccessSignature;
import io.dlioflink.storage.azure.AzureSettings.Client;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys and variables of {@code az://}: an option counts more than the environment. */
final class AzureOptions {
  static final String ACCOUNT_NAME = "account_name";
  static final String ACCOUNT_KEY = "account_key";
  static final String SAS_TOKEN = "sas_token";
  static final String CONNECTION_STRING = "connection_string";
  static final String ENDPOINT_URL = "endpoint_url";
  static final String CLIENT = "az_client";
  static final String BLOCK_BYTES = "az_block_bytes";
  static final String BLOCK_CONCURRENCY = "az_block_concurrency";
  static final String RANGE_BYTES = "az_range_bytes";
  static final String RANGE_CONCURRENCY = "az_range_concurrency";
  static final String PAGE_ENTRIES = "az_page_entries";
  static final String MAX_CONNECTIONS = "az_max_connections";
  static final String MAX_ATTEMPTS = "az_max_attempts";
  static final String TIMEOUT_SECONDS = "az_timeout_seconds";
  static final String REQUEST_TIMEOUT_SECONDS = "az_request_timeout_seconds";
  static final String CONNECT_TIMEOUT_SECONDS = "az_connect_timeout_seconds";

  private static final int MIB = 1024 * 1024;

  /** Options of other storages may stand beside ours; what begins like these is meant for us. */
  private static final List<String> OUR_PREFIXES = List.of("az_", "azure_", "account_", "sas_");

  private static final Set<String> KEYS =
      Set.of(
          ACCOUNT_NAME,
          ACCOUNT_KEY,
          SAS_TOKEN,
          CONNECTION_STRING,
          ENDPOINT_URL,
          CLIENT,
          BLOCK_BYTES,
          BLOCK_CONCURRENCY,
          RANGE_BYTES,
          RANGE_CONCURRENCY,
          PAGE_ENTRIES,
          MAX_CONNECTIONS,
          MAX_ATTEMPTS,
          TIMEOUT_SECONDS,
          REQUEST_TIMEOUT_SECONDS,
          CONNECT_TIMEOUT_SECONDS);

  private final Map<String, String> options;
  private final Map<String, String> environment;
  private final Optional<ConnectionString> connection;

  AzureOptions(Map<String, String> options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
    requireKnownKeys();
    this.connection =
        option(CONNECTION_STRING)
            .map(text -> ConnectionString.parse(named(CONNECTION_STRING), text))
            .or(
                () ->
                    variable("AZURE_STORAGE_CONNECTION_STRING")
                        .map(
                            text ->
                                ConnectionString.parse("AZURE_STORAGE_CONNECTION_STRING", text)));
  }

  private void requireKnownKeys() {
    for (String key : options.keySet()) {
      if (!KEYS.contains(key) && OUR_PREFIXES.stream().anyMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "%s is no option of az:// (allowed: %s)"
                .formatted(named(key), String.join(", ", new TreeSet<>(KEYS))));
      }
    }
  }

  Optional<String> accountName() {
    Optional<String> name =
        option(ACCOUNT_NAME)
            .or(() -> optionConnection().flatMap(ConnectionString::accountName))
            .or(() -> variable("AZURE_STORAGE_ACCOUNT_NAME"))
            .or(() -> variable("AZURE_STORAGE_ACCOUNT"))
            .or(() -> connection.flatMap(ConnectionString::accountName));
    name.ifPresent(
        found -> {
          if (!found.matches("[a-z0-9]{3,24}")) {
            throw new IllegalArgumentException(
                "%s is not the name of an account: '%s' (allowed: 3 to 24 lower-case letters and digits)"
                    .formatted(named(ACCOUNT_NAME), found));
          }
        });
    return name;
  }

  Optional<String> endpoint() {
    return option(ENDPOINT_URL)
        .or(() -> optionConnection().flatMap(ConnectionString::endpoint))
        .or(() -> variable("AZURE_STORAGE_ENDPOINT"))
        .or(() -> connection.flatMap(ConnectionString::endpoint))
        .map(AzureOptions::checkedEndpoint);
  }

  private static String checkedEndpoint(String text) {
    URI uri;
    try {
      uri = URI.create(text.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw notAnEndpoint("it is no URL");
    }
    if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
      throw notAnEndpoint("its scheme is '%s'".formatted(uri.getScheme()));
    }
    if (uri.getHost() == null) {
      throw notAnEndpoint("it has no host");
    }
    // Never shown: a signature may have been pasted with it.
    if (uri.getQuery() != null || uri.getUserInfo() != null) {
      throw notAnEndpoint("it has a query or a user; signatures belong into " + SAS_TOKEN);
    }
    return uri.toString();
  }

  private static IllegalArgumentException notAnEndpoint(String why) {
    return new IllegalArgumentException(
        ("%s is not a blob endpoint: %s (allowed: https://ACCOUNT.blob.core.windows.net, or"
                + " http://HOST:PORT/ACCOUNT for an emulator)")
            .formatted(named(ENDPOINT_URL), why));
  }

  AzureCredential credential() {
    List<String> given = new ArrayList<>();
    for (String key : List.of(ACCOUNT_KEY, SAS_TOKEN, CONNECTION_STRING)) {
      option(key).ifPresent(value -> given.add(named(key)));
    }
    if (given.size() > 1) {
      throw new IllegalArgumentException(
          "Only one of these may be given: " + String.join(", ", given));
    }
    return option(ACCOUNT_KEY)
        .map(key -> accountKey(named(ACCOUNT_KEY), key))
        .or(() -> option(SAS_TOKEN).map(AzureOptions::signature))
        .or(() -> optionConnection().flatMap(AzureOptions::credential))
        .or(() -> variable("AZURE_STORAGE_KEY").map(key -> accountKey("AZURE_STORAGE_KEY", key)))
        .or(() -> variable("AZURE_STORAGE_SAS_TOKEN").map(AzureOptions::signature))
        .or(() -> connection.flatMap(AzureOptions::credential))
        .orElseGet(DefaultChain::new);
  }

  private static Optional<AzureCredential> credential(ConnectionString connection) {
    return connection
        .accountKey()
        .map(key -> accountKey("AccountKey of " + CONNECTION_STRING, key))
        .or(() -> connection.sharedAccessSignature().map(AzureOptions::signature));
  }

  private static AzureCredential accountKey(String source, String key) {
    try {
      Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          source + " is not Base64, as keys of accounts are; its value is not shown");
    }
    return new AccountKey(key);
  }

  private static AzureCredential signature(String token) {
    return new SharedAccessSignature(token.startsWith("?") ? token.substring(1) : token);
  }

  Transfer transfer() {
    return new Transfer(
        client(),
        number(BLOCK_BYTES, 8 * MIB, 64 * 1024, 1024 * MIB),
        number(BLOCK_CONCURRENCY, 8, 1, 1024),
        number(RANGE_BYTES, 8 * MIB, 64 * 1024, 1024 * MIB),
        number(RANGE_CONCURRENCY, 8, 1, 1024),
        number(PAGE_ENTRIES, 5000, 1, 5000),
        number(MAX_CONNECTIONS, 256, 1, 100_000),
        number(MAX_ATTEMPTS, 6, 1, 100),
        Duration.ofSeconds(number(TIMEOUT_SECONDS, 60, 1, 3600)),
        Duration.ofSeconds(number(REQUEST_TIMEOUT_SECONDS, 600, 1, 86_400)),
        Duration.ofSeconds(number(CONNECT_TIMEOUT_SECONDS, 10, 1, 3600)));
  }

  private Client client() {
    String name = option(CLIENT).orElse("lean");
    return switch (name) {
      case "lean" -> Client.LEAN;
      case "sdk" -> Client.SDK;
      default ->
          throw new IllegalArgumentException(
              "%s is '%s' (allowed: lean, sdk)".formatted(named(CLIENT), name));
    };
  }

  private int number(String key, int standard, int least, int most) {
    Optional<String> text = option(key);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is '%s' (allowed: a whole number from %d to %d)"
            .formatted(named(key), text.get(), least, most));
  }

  private Optional<ConnectionString> optionConnection() {
    return option(CONNECTION_STRING).isPresent() ? connection : Optional.empty();
  }

  private Optional<String> option(String key) {
    return Optional.ofNullable(options.get(key)).filter(value -> !value.isBlank());
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String named(String key) {
    return "storage.storage_options." + key;
  }
}
