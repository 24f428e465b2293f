using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Outbox.MongoDb.Configuration;

/// <summary>Refuses settings that cannot work, by their names. What the service brings of its own need not be set.</summary>
internal sealed partial class MongoDbOptionsValidator(GivenMongoDb given) : IValidateOptions<MongoDbOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MongoDbOptions options)
    {
        var errors = Scoped().Concat(Missing(options)).Concat(Malformed(options)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> Scoped()
    {
        if (given.Scoped is { } type)
        {
            yield return $"The service registers {type.Name} as scoped, but one outbox serves all scopes: register it as a singleton, and where each tenant has a database of its own, give these "
                + "another type or a key; a transaction of the outbox may write to all databases of its cluster (docs/operating.md#a-database-for-each-tenant).";
        }
    }

    private IEnumerable<string> Missing(MongoDbOptions options)
    {
        if (options.Connection.Length == 0 && !given.HasClient && !given.HasDatabase)
        {
            yield return "Outbox:MongoDb:Connection is missing. Set it to a connection string, for example mongodb://localhost:27017/?replicaSet=rs0; or register an IMongoClient or IMongoDatabase.";
        }

        if (options.DatabaseName.Length == 0 && !given.HasDatabase)
        {
            yield return "Outbox:MongoDb:DatabaseName is missing. Set it to the service's own database; or register an IMongoDatabase.";
        }
    }

    private static IEnumerable<string> Malformed(MongoDbOptions options)
    {
        if (options.Connection.Length > 0 && Refusal(options.Connection) is { } refused)
        {
            yield return refused;
        }

        if (options.DatabaseName.Length > 0 && (options.DatabaseName.Length > 63 || options.DatabaseName.AsSpan().IndexOfAny("/\\. \"$*<>:|?\0") >= 0))
        {
            yield return $"Outbox:MongoDb:DatabaseName is '{options.DatabaseName}', which MongoDB does not allow: at most 63 characters, none of them a space or one of /\\.\"$*<>:|?";
        }

        if (!Prefix().IsMatch(options.CollectionPrefix))
        {
            yield return $"Outbox:MongoDb:CollectionPrefix is '{options.CollectionPrefix}'; use at most 60 letters, digits, dots, hyphens and underscores, beginning with a letter and not with "
                + "'system.': messaging. for example.";
        }

        if (options.KeepTombstonesFor.Values.Any(kept => kept < TimeSpan.FromSeconds(1)))
        {
            yield return "Outbox:MongoDb:KeepTombstonesFor has a time below 1 second. Set each to longer than a change can be late, for example 30.00:00:00.";
        }
    }

    private static string? Refusal(string connection)
    {
        try
        {
            ConnectionText.Parse(connection);
            return null;
        }
        catch (OutboxConfigurationException error)
        {
            return error.Message;
        }
    }

    [GeneratedRegex(@"^(?!system\.)([A-Za-z][A-Za-z0-9_.\-]{0,59})?\z")]
    private static partial Regex Prefix();
}
