using System.Net.Sockets;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Serving;

/// One client's connection: reads a request, has it answered, writes the answer, until either side ends it.
internal sealed class Connection(Socket socket, CommandProcessor processor, Client client, TimeSpan sendTimeout) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly MessageReader _reader = new(socket);
    private readonly ReplyWriter _writer = new();

    public int Id => client.ConnectionId;

    public async Task RunAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_closed.Token).ConfigureAwait(false) is { IsEmpty: false } message)
            {
                if (!await HandleAsync(message).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is ProtocolException or SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException)
        {
            // The connection is of no more use: to close it is the answer.
        }
    }

    public void Close()
    {
        try
        {
            _closed.Cancel();
            socket.Close(0);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _closed.Dispose();
    }

    private async ValueTask<bool> HandleAsync(ReadOnlyMemory<byte> message)
    {
        var request = Request.Open(message);
        try
        {
            request.Decode(message);
        }
        catch (Exception error) when (error is MongoError or FormatException or InvalidOperationException or ArgumentException)
        {
            await SendAsync(Reply.Error(error as MongoError ?? MongoError.FailedToParse(error.Message), []), request, false).ConfigureAwait(false);
            return true;
        }

        var responseTo = request.Id;
        while (true)
        {
            var reply = await processor.RunAsync(client, request, _closed.Token).ConfigureAwait(false);
            if (reply is null)
            {
                return false;
            }

            if (request.Unacknowledged)
            {
                return true;
            }

            // The one exhaust command that drivers send: an awaited hello is answered again and again.
            var streaming = request.Exhaust && request.Command.Contains("maxAwaitTimeMS") && reply.Fields.TryGetValue("topologyVersion", out _);
            responseTo = await SendAsync(reply, request, streaming, responseTo).ConfigureAwait(false);
            if (!streaming)
            {
                return true;
            }

            request.Command["topologyVersion"] = reply.Fields["topologyVersion"];
        }
    }

    private async ValueTask<int> SendAsync(Reply reply, Request request, bool moreToCome, int? responseTo = null)
    {
        var bytes = _writer.Write(reply, request, moreToCome, responseTo);
        for (var sent = 0; sent < bytes.Length;)
        {
            var sending = socket.SendAsync(bytes[sent..], SocketFlags.None, _closed.Token);

            // A client that stops reading is given up.
            sent += sending.IsCompleted
                ? await sending.ConfigureAwait(false)
                : await sending.AsTask().WaitAsync(sendTimeout, TimeProvider.System, _closed.Token).ConfigureAwait(false);
        }

        _writer.Trim();
        return _writer.LastId;
    }
}
