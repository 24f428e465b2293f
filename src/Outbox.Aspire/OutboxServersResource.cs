using Aspire.Hosting.ApplicationModel;
using Outbox.Embedded;

namespace Outbox.Aspire;

/// <summary>The embedded MongoDB and Kafka, in the app host's own process: they live as long as it does.</summary>
/// <param name="name">The resource's name.</param>
public sealed class OutboxServersResource(string name) : Resource(name), IResourceWithWaitSupport, IAsyncDisposable
{
    private readonly TaskCompletionSource<OutboxServersAddresses> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EmbeddedServers? _servers;

    /// <summary>Where the servers listen, as soon as they do.</summary>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="InvalidOperationException">They did not start.</exception>
    /// <exception cref="IOException">They did not start.</exception>
    public Task<OutboxServersAddresses> AddressesAsync(CancellationToken cancellationToken = default) => _started.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _started.TrySetException(new InvalidOperationException($"The app host ended before the servers of '{Name}' were started."));
        return _servers?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    internal async Task<OutboxServersAddresses> StartAsync(OutboxServersOptions options)
    {
        try
        {
            var (mongo, kafka) = options.ToServers();
            _servers = await EmbeddedServers.StartAsync(mongo, kafka).ConfigureAwait(false);
            var addresses = new OutboxServersAddresses(_servers.MongoDb.ConnectionString, _servers.Kafka.BootstrapServers);
            _started.TrySetResult(addresses);
            return addresses;
        }
        catch (Exception error)
        {
            _started.TrySetException(error);
            throw;
        }
    }
}
