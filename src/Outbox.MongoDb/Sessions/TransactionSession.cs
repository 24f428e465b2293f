using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>A session that this instance's document names while a transaction runs in it.</summary>
internal sealed class TransactionSession : IDisposable
{
    private readonly SessionRegistry _registry;
    private readonly bool _isOwned;

    public TransactionSession(IClientSessionHandle handle, SessionRegistry registry, bool isOwned)
    {
        (Handle, _registry, _isOwned) = (handle, registry, isOwned);
        IsSaved = registry.Add(handle);
    }

    public IClientSessionHandle Handle { get; }

    /// <summary>Whether it was written down before.</summary>
    public bool IsSaved { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registry.Release(Handle);
        if (_isOwned)
        {
            Handle.Dispose();
        }
    }
}
