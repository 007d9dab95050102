import { type SystemTexts } from './system-texts.js';

export const hi: SystemTexts = {
  optOutSubject: 'अब आपको ये नहीं भेजे जाएँगे: {{ values.what }}',
  optOutHeard: 'आपने कहा कि आपको ये और न भेजे जाएँ: {{ values.what }}। यह कर दिया गया है और अभी से लागू है।',
  optOutWhy: 'यह संदेश केवल इसकी पुष्टि करता है। आपको कुछ और करने की ज़रूरत नहीं है।',
  emails: 'ईमेल',
  messages: 'संदेश',
  declinable: 'वे {kind} जिन्हें आप मना कर सकते हैं',
  about: '“{purpose}” के बारे में {kind}',
  signUpSubject: 'कृपया पुष्टि करें: {{ values.form }}',
  signUpAsk:
    'किसी ने, शायद आपने ही, इस पते से “{{ values.form }}” के लिए साइन अप किया है। यदि वह आप थे, तो यहाँ पुष्टि करें:',
  signUpButton: 'पुष्टि करें',
  signUpOtherwise:
    'यह लिंक एक बार और {{ values.hours }} घंटे तक काम करता है। यदि वह आप नहीं थे, तो कुछ न करें: आपकी पुष्टि के बिना आपको कुछ नहीं भेजा जाएगा, और पता मिटा दिया जाएगा।',
};
