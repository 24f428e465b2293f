using System.Runtime.InteropServices;

namespace Outbox.Embedded.Kafka.Native;

/// <summary>An <c>rd_kafka_t</c>: the mock cluster needs one for its timers and its logs.</summary>
internal sealed class ClientHandle : SafeHandle
{
    public ClientHandle()
        : base(IntPtr.Zero, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        LibRdKafka.Destroy(handle);
        return true;
    }
}
