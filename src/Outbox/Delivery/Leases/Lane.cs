namespace Outbox.Delivery.Leases;

/// <summary>Assigns entities to lanes, the shares in which relays divide the outbox.</summary>
public static class Lane
{
    /// <summary>Where delayed messages of a lane are stored: apart, so that a sweep of the lane does not read past them until they are due.</summary>
    public static int Delayed(int lane) => -1 - lane;

    /// <summary>The lane that a message belongs to, delayed or not.</summary>
    public static int Base(int lane) => lane < 0 ? -1 - lane : lane;

    /// <summary>
    /// The lane of an entity: the FNV-1a hash (http://www.isthe.com/chongo/tech/comp/fnv/) of its UTF-16 code units, modulo the number of lanes.
    /// It is stored with each message, so it must never change.
    /// </summary>
    public static int Of(string entityId, int lanes)
    {
        var hash = 2_166_136_261u;
        foreach (var unit in entityId)
        {
            hash = (hash ^ (byte)unit) * 16_777_619u;
            hash = (hash ^ (byte)(unit >> 8)) * 16_777_619u;
        }

        return (int)(hash % (uint)lanes);
    }
}
