namespace Outbox.Embedded.MongoDb.Clients;

/// The one at the other end of a connection.
internal sealed class Client(int connectionId)
{
    public int ConnectionId { get; } = connectionId;

    public string? AppName { get; set; }
}
