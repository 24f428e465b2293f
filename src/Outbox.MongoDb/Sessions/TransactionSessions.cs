using Microsoft.Extensions.Logging;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Starts the sessions that transactions run in, each written down under this instance's name before its first write. A process that is killed leaves its transactions open on
/// the server, which holds their documents for a minute (<c>transactionLifetimeLimitSeconds</c>); so whoever finds it dead can end them.
/// </summary>
internal sealed class TransactionSessions(
    OutboxCollections collections, InstanceStore store, SessionRegistry registry, IInstallation installation, ILogger<TransactionSessions> logger) : IDisposable
{
    private readonly SemaphoreSlim _saving = new(1, 1);

    /// <summary>How long this instance counts as alive after each sign of life; zero until it has given the first.</summary>
    private TimeSpan _alive;

    /// <summary>Starts a session; dispose it when its transaction has ended.</summary>
    public async Task<TransactionSession> StartAsync(CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var session = await collections.Database.Client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await FollowAsync(session, isOwned: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down a session that somebody else started and will end.</summary>
    public async Task<TransactionSession> FollowAsync(IClientSessionHandle session, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await FollowAsync(session, isOwned: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows that this instance lives, and writes down the sessions it uses.</summary>
    public async Task SaveAsync(TimeSpan alive, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _alive = alive;
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _saving.Dispose();

    private async Task<TransactionSession> FollowAsync(IClientSessionHandle session, bool isOwned, CancellationToken cancellationToken)
    {
        var followed = new TransactionSession(session, registry, isOwned);
        if (!followed.IsSaved)
        {
            await SaveFirstAsync(followed, cancellationToken).ConfigureAwait(false);
        }

        return followed;
    }

    /// <summary>A database that does not answer here fails the transaction itself, which knows better what to do about it.</summary>
    private async Task SaveFirstAsync(TransactionSession session, CancellationToken cancellationToken)
    {
        try
        {
            await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (_alive > TimeSpan.Zero && !registry.IsSaved(session.Handle))
                {
                    await SaveAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _saving.Release();
            }
        }
        catch (MongoException error)
        {
            logger.SessionNotSaved(error);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var sessions = registry.Current();
        await store.SaveAsync(_alive, sessions, cancellationToken).ConfigureAwait(false);
        registry.Saved(sessions);
    }
}
