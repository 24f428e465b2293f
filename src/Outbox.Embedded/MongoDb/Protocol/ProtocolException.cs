namespace Outbox.Embedded.MongoDb.Protocol;

/// What a client sent cannot be read as a message: there is no way to go on with this connection.
internal sealed class ProtocolException(string message) : Exception(message);
