using MongoDB.Driver;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Connecting;

/// <summary>Makes a client of a connection string. The driver's errors print it whole, with the password; ours say what is wrong with it.</summary>
internal static class MongoAddress
{
    private const string Missing = "Say where MongoDB is: --mongodb, OUTBOX_MONGODB, or a profile that --profile names.";

    /// <exception cref="CommandException">It is no connection string, or names no database.</exception>
    public static (IMongoClient Client, string Database) Connect(ConnectionSettings settings)
    {
        var connection = settings.MongoDb ?? throw new CommandException(ExitCode.Usage, Missing);
        var url = Parse(connection);
        var database = settings.Database ?? url.DatabaseName
            ?? throw new CommandException(ExitCode.Usage, "Say which database is the service's: --database, OUTBOX_DATABASE, the profile, or at the end of the connection string, as in mongodb://host/orders.");
        if (database.Length > 63 || database.AsSpan().IndexOfAny("/\\. \"$*<>:|?\0") >= 0)
        {
            throw new CommandException(ExitCode.Usage, $"'{database}' cannot be a database of MongoDB: at most 63 characters, none of them a space or one of /\\.\"$*<>:|?");
        }

        return (new MongoClient(Settings(connection, settings.Patience)), database);
    }

    /// <summary>The servers, for people: never the rest of the address.</summary>
    public static string Servers(IMongoClient client) => string.Join(", ", client.Settings.Servers.Select(server => server.ToString()));

    private static MongoUrl Parse(string connection)
    {
        try
        {
            return MongoUrl.Create(connection);
        }
        catch (Exception)
        {
            var begins = connection.StartsWith("mongodb://", StringComparison.Ordinal) || connection.StartsWith("mongodb+srv://", StringComparison.Ordinal);
            throw Wrong(begins ? "a part of it cannot be read" : "it begins neither with mongodb:// nor with mongodb+srv://");
        }
    }

    private static MongoClientSettings Settings(string connection, TimeSpan patience)
    {
        try
        {
            var settings = MongoClientSettings.FromConnectionString(connection);
            settings.ApplicationName ??= "outbox command line";
            settings.ServerSelectionTimeout = patience;
            settings.ConnectTimeout = patience;
            // A server that hangs in the middle of an answer is given up too.
            settings.HeartbeatInterval = TimeSpan.FromSeconds(2);
            return settings;
        }
        catch (Exception)
        {
            throw Wrong("the driver refuses it, or a name in it cannot be looked up");
        }
    }

    private static CommandException Wrong(string why) => new(
        ExitCode.Usage,
        $"MongoDB's connection string is none: {why}. It is not shown, because of the password. It looks like mongodb://user:password@host:27017/orders?replicaSet=rs0, with special characters of user and "
        + "password percent-encoded (@ is %40).");
}
