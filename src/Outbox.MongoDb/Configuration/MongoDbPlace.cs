using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.History.Projecting.Registration;
using Outbox.Messages.Registration;
using Outbox.Payloads.Claims;

namespace Outbox.MongoDb.Configuration;

/// <summary>Finds client and database: those that the service brings, or those of the settings, and never one beside the other.</summary>
internal sealed class MongoDbPlace(IServiceProvider provider, GivenMongoDb given, IOptions<MongoDbOptions> options, IOptions<OutboxOptions> outbox)
{
    [ThreadStatic]
    private static bool _isAsking;

    private MongoDbOptions Options => options.Value;

    /// <summary>A client of the settings, or that of the service's database.</summary>
    public IMongoClient CreateClient()
    {
        if (Options.Connection.Length > 0)
        {
            return ConnectionText.Connect(Options.Connection, outbox.Value.LeaseDuration);
        }

        if (_isAsking)
        {
            throw new OutboxConfigurationException(
                "Outbox:MongoDb:Connection is missing: the IMongoDatabase that the service registers is made from the IMongoClient of the outbox. Set Connection, or register the client too.");
        }

        return Given().Client;
    }

    /// <summary>A database of the settings.</summary>
    public IMongoDatabase CreateDatabase() => provider.GetRequiredService<IMongoClient>().GetDatabase(Options.DatabaseName);

    /// <summary>The collections in the one database that settings and service agree on.</summary>
    /// <exception cref="OutboxConfigurationException">They do not agree.</exception>
    public OutboxCollections CreateCollections()
    {
        var names = new CollectionNames(
            Options.CollectionPrefix, provider.GetRequiredService<MessageRegistry>().KeepsHistory, provider.GetRequiredService<ProjectionRegistry>().All.Count > 0,
            provider.GetRequiredService<TopicRegistry>().All.Any(topic => topic.Claims is { Store: PayloadStores.Own }));
        var database = Given();
        if (given.HasDatabase && Options.DatabaseName is { Length: > 0 } name && name != database.DatabaseNamespace.DatabaseName)
        {
            throw new OutboxConfigurationException(
                $"Outbox:MongoDb:DatabaseName is '{name}', but the IMongoDatabase that the service registers is '{database.DatabaseNamespace.DatabaseName}'. Leave the setting out, or the registration.");
        }

        if ((given.HasDatabase || given.HasClient) && Options.Connection.Length > 0)
        {
            CheckServers(database.Client);
        }

        return new OutboxCollections(database, names);
    }

    private IMongoDatabase Given()
    {
        _isAsking = true;
        try
        {
            return provider.GetRequiredService<IMongoDatabase>();
        }
        catch (MongoConfigurationException)
        {
            // Not carried along: the driver's message may hold the password.
            throw new OutboxConfigurationException(
                "The IMongoClient or IMongoDatabase that the service registers cannot be made: its connection string is not valid. It is not shown, because of the password.");
        }
        finally
        {
            _isAsking = false;
        }
    }

    /// <summary>Some of a replica set's members are enough: a client finds the others by itself.</summary>
    private void CheckServers(IMongoClient client)
    {
        var ours = ConnectionText.Parse(Options.Connection).Servers.Select(Normal).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var theirs = client.Settings?.Servers.Select(Normal).ToList() ?? [];
        if (theirs.Count > 0 && !theirs.Exists(ours.Contains))
        {
            throw new OutboxConfigurationException(
                $"Outbox:MongoDb:Connection names {string.Join(", ", ours)}, but the IMongoClient or IMongoDatabase that the service registers is connected to {string.Join(", ", theirs)}. "
                + "Leave the setting out, or the registration.");
        }
    }

    private static string Normal(MongoServerAddress server) =>
        server.Host is "127.0.0.1" or "::1" or "[::1]" ? $"localhost:{server.Port}" : $"{server.Host}:{server.Port}";
}
