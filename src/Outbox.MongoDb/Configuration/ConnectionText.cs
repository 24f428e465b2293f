using System.Globalization;
using MongoDB.Driver;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Configuration;

/// <summary>
/// Reads the connection string. The driver's errors print it whole, with the password; ours say what is wrong with it and never what is in it, and do not carry the driver's along.
/// </summary>
internal static class ConnectionText
{
    private const string Setting = MongoDbOptions.Section + ":" + nameof(MongoDbOptions.Connection);

    /// <exception cref="OutboxConfigurationException">It is no connection string.</exception>
    public static MongoUrl Parse(string connection)
    {
        try
        {
            return MongoUrl.Create(connection);
        }
        catch (Exception)
        {
            throw new OutboxConfigurationException(
                $"{Setting} is not a connection string ({Flaw(connection)}; it is not shown, because of the password). Set it to "
                + "mongodb://user:password@host:27017/?replicaSet=rs0, with special characters of user and password percent-encoded: @ as %40, : as %3A, / as %2F, % as %25.");
        }
    }

    /// <summary>A client that notices within a lease that a server hangs.</summary>
    /// <exception cref="OutboxConfigurationException">The driver refuses the connection string, or cannot look up a name in it.</exception>
    public static MongoClient Connect(string connection, TimeSpan lease)
    {
        var url = Parse(connection);
        try
        {
            return HangLimits.Connect(connection, lease);
        }
        catch (Exception error)
        {
            throw new OutboxConfigurationException($"{Setting} cannot be used: {Without(error.Message, url, connection)}");
        }
    }

    /// <summary>What the driver says, unless it says what nobody may read.</summary>
    private static string Without(string message, MongoUrl url, string connection)
    {
        var isSecret = message.Contains(connection, StringComparison.Ordinal)
            || (url.Password is { Length: > 0 } password
                && (message.Contains(password, StringComparison.Ordinal) || message.Contains(Uri.EscapeDataString(password), StringComparison.OrdinalIgnoreCase)))
            || message.Contains("://", StringComparison.Ordinal);
        return isSecret ? "the driver refuses it, with a message that holds the password." : message;
    }

    private static string Flaw(string connection)
    {
        if (!connection.StartsWith("mongodb://", StringComparison.Ordinal) && !connection.StartsWith("mongodb+srv://", StringComparison.Ordinal))
        {
            return "it begins neither with mongodb:// nor with mongodb+srv://";
        }

        return BadOption(connection) is { } option
            ? $"the value of its option '{option}' cannot be read"
            : string.Create(CultureInfo.InvariantCulture, $"it has {connection.Length} characters and {connection.Count(x => x == '@')} times an @, of which one is allowed");
    }

    /// <summary>The option without which the driver reads the rest.</summary>
    private static string? BadOption(string connection)
    {
        var start = connection.IndexOf('?', StringComparison.Ordinal);
        var options = start < 0 ? [] : connection[(start + 1)..].Split('&');
        var bad = options.FirstOrDefault(option => CanBeRead(connection[..(start + 1)] + string.Join('&', options.Where(other => other != option))));
        return bad?.Split('=')[0] is { Length: <= 40 } name && name.All(char.IsAsciiLetter) ? name : null;
    }

    private static bool CanBeRead(string connection)
    {
        try
        {
            return MongoUrl.Create(connection) is not null;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
