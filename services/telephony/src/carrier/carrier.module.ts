import { Module } from '@nestjs/common';
import { listenAddress, SETTINGS } from '@heed/config';
import { CLOCK, type Clock } from '@heed/kernel';
import { LOGGER, type Logger } from '@heed/telemetry';
import { apologyTone, doneTone, recordingTone } from '../media/tones.js';
import { type TelephonySettings } from '../settings.js';
import { PocketsphinxRecognizer } from '../speech/pocketsphinx-recognizer.js';
import { Speech } from '../speech/speech.js';
import { ESPEAK, EspeakSynthesizer } from '../speech/espeak-synthesizer.js';
import { USUAL_TIMERS } from '../sip/sip-timers.js';
import { readTrunkAddress, type TrunkAddress } from '../sip/sip-uri.js';
import { CARRIER, type Carrier } from './carrier.js';
import { HttpCarrier } from './http-carrier.js';
import { SipCarrier, type SipTrunk } from './sip-carrier.js';

@Module({
  providers: [
    { provide: Speech, inject: [SETTINGS], useFactory: speechOf },
    {
      provide: CARRIER,
      inject: [SETTINGS, Speech, CLOCK, LOGGER],
      useFactory: carrierOf,
    },
  ],
  exports: [CARRIER],
})
export class CarrierModule {}

/** By the scheme of its address: the small HTTP protocol of the simulator, or a SIP trunk. */
function carrierOf(settings: TelephonySettings, speech: Speech, clock: Clock, log: Logger): Carrier {
  const address = readTrunkAddress(settings.HEED_CARRIER_URL);
  if (!address) return new HttpCarrier(settings.HEED_CARRIER_URL);
  const carrier = new SipCarrier({ trunk: trunkOf(address, settings, speech), clock, log });
  void carrier.start();
  return carrier;
}

function speechOf(settings: TelephonySettings): Speech {
  const speech = new Speech();
  if (settings.HEED_SPEECH_SYNTHESIZER === ESPEAK) speech.synthesizer = new EspeakSynthesizer();
  if (settings.HEED_SPEECH_RECOGNIZER === 'pocketsphinx') speech.recognizer = new PocketsphinxRecognizer();
  return speech;
}

function trunkOf(address: TrunkAddress, settings: TelephonySettings, speech: Speech): SipTrunk {
  const { HEED_SIP_USERNAME: username, HEED_SIP_PASSWORD: password, HEED_SIP_LISTEN: listen } = settings;
  return {
    address,
    ...(username && password && { credentials: { username, password } }),
    registers: settings.HEED_SIP_REGISTER,
    ...(listen && { listen: listenAddress(listen) }),
    ...(settings.HEED_SIP_PUBLIC_HOST && { publicHost: settings.HEED_SIP_PUBLIC_HOST }),
    ...(settings.HEED_RTP_PORTS && { rtpPorts: settings.HEED_RTP_PORTS }),
    secure: {
      verify: settings.HEED_SIP_TLS_VERIFY,
      ...(settings.HEED_SIP_TLS_CA_FILE && { ca: settings.HEED_SIP_TLS_CA_FILE }),
    },
    ringMs: settings.HEED_RING_SECONDS * 1_000,
    longestMs: settings.HEED_CALL_LONGEST_SECONDS * 1_000,
    announcement: settings.HEED_CALL_ANNOUNCEMENT_FILE ?? recordingTone(),
    partings: { done: doneTone(), apology: settings.HEED_CALL_APOLOGY_FILE ?? apologyTone() },
    speech,
    listenMs: settings.HEED_CALL_LISTEN_SECONDS * 1_000,
    timers: USUAL_TIMERS,
  };
}
