using MongoDB.Driver;
using Outbox.Messages;

namespace Outbox.MongoDb.Capture;

/// <summary>Takes part in transactions that capture messages.</summary>
internal interface ICapturedMessages
{
    /// <summary>Writes what belongs to messages, in their transaction.</summary>
    /// <param name="session">The session of the transaction.</param>
    /// <param name="messages">The messages, with their versions.</param>
    /// <param name="blocking">Whether the caller cannot await.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task WriteAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> messages, bool blocking, CancellationToken cancellationToken);
}
