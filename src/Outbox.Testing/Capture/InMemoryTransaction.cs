using Outbox.Capture;

namespace Outbox.Testing.Capture;

/// <summary>A transaction that has messages only. What a callback does to objects of its own is not undone when it fails.</summary>
internal sealed class InMemoryTransaction(CaptureBuffer buffer) : BufferedTransaction(buffer);
