using MongoDB.Driver;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Installation;

/// <summary>Says of what the driver throws at start which setting it is about. The driver's messages name servers and users, never a password; nothing here adds one.</summary>
internal static class StartErrors
{
    private const string Connection = "Outbox:MongoDb:Connection (or the service's own IMongoClient)";
    private const int Unauthorized = 13;
    private const int AuthenticationFailed = 18;

    /// <returns>What to throw instead; <see langword="null"/> if the error says enough by itself.</returns>
    public static OutboxException? Explain(Exception error, IMongoDatabase database) => error switch
    {
        MongoAuthenticationException or MongoConnectionException { InnerException: MongoAuthenticationException } or MongoCommandException { Code: AuthenticationFailed } =>
            new OutboxConfigurationException(
                $"MongoDB refused the user or password of {Connection}: {error.Message} Special characters in them are percent-encoded (@ is %40), and authSource names the database that "
                + "the user was created in, most often admin.",
                error),
        MongoCommandException { Code: Unauthorized } => new OutboxConfigurationException(
            $"MongoDB does not let the user of {Connection} prepare the database '{database.DatabaseNamespace.DatabaseName}': {error.Message} Give the user the role readWrite on it (and "
            + "collMod where a time to live changes); or have somebody run what services.OutboxMongoDbScript() returns, and set Outbox:MongoDb:Install to false.",
            error),
        _ when error is TimeoutException || MongoErrors.IsPassing(error) => new OutboxException(
            $"MongoDB does not answer at {Servers(database)}; the address is {Connection}: is the server running, and reachable from here, with that replicaSet name and TLS setting? {error.Message}",
            error),
        _ => null,
    };

    private static string Servers(IMongoDatabase database) => string.Join(", ", database.Client.Settings.Servers);
}
