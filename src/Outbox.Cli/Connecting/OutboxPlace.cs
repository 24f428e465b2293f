using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.MongoDb;

namespace Outbox.Cli.Connecting;

/// <summary>
/// An outbox that is connected to: the framework's own services over its collections, without a host. Nothing of them is started, so it relays nothing, consumes nothing, joins as no instance and creates nothing.
/// </summary>
internal sealed class OutboxPlace : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly long _asked;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _serverTime;

    private OutboxPlace(ServiceProvider services, ConnectionSettings settings, BsonDocument hello, TimeProvider time)
    {
        (_services, Settings, Hello, _time) = (services, settings, hello, time);
        _asked = time.GetTimestamp();
        _serverTime = new DateTimeOffset(hello["localTime"].ToUniversalTime());
        Collections = services.GetRequiredService<OutboxCollections>();
    }

    public ConnectionSettings Settings { get; }

    /// <summary>How the server introduced itself.</summary>
    public BsonDocument Hello { get; }

    public OutboxCollections Collections { get; }

    public IMongoDatabase Database => Collections.Database;

    public string Name => Database.DatabaseNamespace.DatabaseName;

    /// <summary>The time of the database server, which all times in it are of.</summary>
    public DateTimeOffset Now => _serverTime + _time.GetElapsedTime(_asked);

    /// <summary>A service of the framework.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Connects, and sees that there is an outbox.</summary>
    /// <exception cref="CommandException">The settings are incomplete, nobody answers, or there is no outbox.</exception>
    public static async Task<OutboxPlace> OpenAsync(ConnectionSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var place = await ReachAsync(settings, time, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!await place.Collections.Leases.Find(new BsonDocument()).Limit(1).AnyAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new CommandException(
                    ExitCode.NotFound,
                    $"There is no outbox in database '{place.Name}' ({place.Collections.Names.Leases} is empty). Is it the service's database (--database), and does the service set CollectionPrefix (--prefix)?");
            }

            return place;
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects, whatever is in the database.</summary>
    public static async Task<OutboxPlace> ReachAsync(ConnectionSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var (client, database) = MongoAddress.Connect(settings);
        var hello = await HelloAsync(client, settings.Patience, cancellationToken).ConfigureAwait(false);
        return new OutboxPlace(Build(client, database, settings), settings, hello, time);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A server that accepts a connection and then hangs answers no more than one that is not there.</summary>
    private static async Task<BsonDocument> HelloAsync(IMongoClient client, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            // Of all servers: hello is not known to the first 4.4, isMaster is.
            return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("isMaster", 1), ReadPreference.Primary, cancellationToken)
                .WaitAsync(patience * 2, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new CommandException(ExitCode.Unreachable, Unreachable(client, patience), error);
        }
    }

    private static string Unreachable(IMongoClient client, TimeSpan patience)
    {
        var reasons = client.Cluster.Description.Servers.Select(server => server.HeartbeatException?.GetBaseException().Message).Where(reason => reason is not null).Distinct().ToList();
        var why = reasons.Count > 0 ? string.Join("; ", reasons) : client.Cluster.Description.Servers.Count == 0 ? "no server has the replica set's name" : "no primary was found";
        return $"MongoDB does not answer at {MongoAddress.Servers(client)} within {patience.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s: {why.TrimEnd('.')}.";
    }

    private static ServiceProvider Build(IMongoClient client, string database, ConnectionSettings settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton(client);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddOutbox(o =>
        {
            o.RelayEnabled = false;
            o.Set(options =>
            {
                (options.RunBulkOperations, options.AllowEdit) = (false, settings.AllowEdit);
                settings.Redact.ToList().ForEach(options.Redact.Add);
            });
            o.UseMongoDb(m => (m.DatabaseName, m.CollectionPrefix, m.Install) = (database, settings.Prefix, false));
        });
        services.AddSingleton<IInstallation, NoInstallation>();
        return services.BuildServiceProvider();
    }
}
